package cn.eseal.sdk

import cn.eseal.sdk.generated.InkReplay as GeneratedReplay
import cn.eseal.sdk.generated.SignaturePad as GeneratedPad
import cn.eseal.sdk.generated.composeName
import java.nio.ByteBuffer

/**
 * Collects a signature, and answers each event by what to paint, at a cost that does not grow with what was drawn.
 *
 * Events go in as the platform has them: [down], [add] with all historical points, [up] or [cancel]. What must not draw (a
 * second finger, a palm, a fault of the screen) is refused in the answer, which is no failure. The state is the log of
 * points: [save] it when the activity stops, and [restore] loses nothing, not even a stroke half drawn.
 *
 * Threading: safe from any thread, and quick enough for the main thread; [face] computes for some milliseconds.
 * Lifetime: as [SealFace]; the strokes are gone with it.
 */
public class SignaturePad private constructor(private val generated: GeneratedPad) : AutoCloseable {
    /** An empty pad. The first object of the process loads the native library. */
    public constructor(pen: Pen = Pen.FOUNTAIN) : this(GeneratedPad(pen.generated))

    /** A finger, stylus or mouse touches: `ACTION_DOWN`, `ACTION_POINTER_DOWN`. Its first point is handed to [add]. */
    public fun down(contact: TouchContact = TouchContact()): PadPaint = generated.down(contact.asGenerated()).asPublic()

    /**
     * Points of a pointer, oldest first; on Android with those of `MotionEvent.getHistoricalX`. Each is taken or refused by
     * itself.
     */
    public fun add(samples: List<TouchSample>, pointer: Int = 0, ahead: Ahead = Ahead.Fitted): PadPaint =
        generated.add(pointer.toULong(), samples.map { it.asGenerated() }, ahead.asGenerated()).asPublic()

    /** The contact of a pointer is of this size now, mm across: a finger that rolls into a palm loses its stroke. */
    public fun contactChanged(contactMm: Double, pointer: Int = 0): PadPaint =
        generated.contactChanged(pointer.toULong(), contactMm).asPublic()

    /** The pointer lifts; its stroke stays. */
    public fun up(pointer: Int = 0): PadPaint = generated.up(pointer.toULong()).asPublic()

    /** The system takes the touch back (`ACTION_CANCEL`); its stroke goes. */
    public fun cancel(pointer: Int = 0): PadPaint = generated.cancel(pointer.toULong()).asPublic()

    /** Takes the last stroke back, or what [clear] took if nothing has been drawn since. */
    public fun undo(): PadPaint = generated.undo().asPublic()

    /** Does again what was taken back last, as long as nothing has been drawn since. */
    public fun redo(): PadPaint = generated.redo().asPublic()

    /** Takes everything away. */
    public fun clear(): PadPaint = generated.clear().asPublic()

    /** Shows all strokes with another pen. */
    public fun usePen(pen: Pen): PadPaint = generated.usePen(pen.generated).asPublic()

    /** Everything drawn so far, for a surface that shows nothing yet: after a rotation, after [restore]. */
    public fun repaint(): PadPaint = generated.repaint().asPublic()

    /** Whether there is anything to [undo]. */
    public val canUndo: Boolean get() = generated.canUndo()

    /** Whether there is anything to [redo]. */
    public val canRedo: Boolean get() = generated.canRedo()

    /**
     * Everything but the pen, some kilobytes: small enough for a saved instance state. How somebody moves the pen is biometric
     * data: it belongs on the phone, and nowhere else.
     */
    public fun save(): ByteArray = generated.save()

    /** The strokes alone as a compact log, about 2.5 bytes a point. Biometric data, as [save]. */
    public fun log(): ByteArray = generated.log()

    /** The strokes as W3C InkML, for other programs. Biometric data, as [save]. */
    public fun inkMl(): String = generated.inkMl()

    /**
     * Judges what is drawn by every rule that [context] allows. What is rejected, [face] refuses, too.
     *
     * @throws EsealException `ink.bytes` for an earlier digest that is none.
     */
    public fun judge(context: SignatureContext = SignatureContext()): InkReport =
        translated { generated.judge(context.asGenerated()).asPublic() }

    /** A digest by which [judge] knows a replay of these strokes; it tells nothing about their shape. */
    public fun digest(): ByteArray = generated.digest()

    /** What is drawn now, to be played again. */
    public fun replay(): InkReplay = InkReplay(generated.replay())

    /**
     * The signature as a seal face, drawn with the pad's pen; the pad can be drawn on further.
     *
     * @throws EsealException `ink.empty`, `ink.only-dots` and the other reasons why strokes are no signature; `face.…` for a
     *   size that cannot be.
     */
    public fun face(color: InkColor = InkColor.BLACK, within: FaceBox = FaceBox()): SealFace =
        translated { SealFace(generated.face(color.generated, within.asGenerated())) }

    override fun close(): Unit = generated.close()

    public companion object {
        /**
         * The pad that [save] wrote.
         *
         * @throws EsealException `ink.bytes` and the like.
         */
        @JvmStatic
        @JvmOverloads
        public fun restore(saved: ByteArray, pen: Pen = Pen.FOUNTAIN): SignaturePad =
            translated { SignaturePad(GeneratedPad.restored(saved.asDirect(), pen.generated)) }

        /**
         * A pad with the strokes of a compact [log].
         *
         * @throws EsealException `ink.bytes` and the like.
         */
        @JvmStatic
        @JvmOverloads
        public fun fromLog(log: ByteArray, pen: Pen = Pen.FOUNTAIN): SignaturePad =
            translated { SignaturePad(GeneratedPad.fromLog(log.asDirect(), pen.generated)) }

        /**
         * A pad with recorded strokes, JSON as `eseal ink render` reads it.
         *
         * @throws EsealException `ink.json` and the like.
         */
        @JvmStatic
        @JvmOverloads
        public fun fromJson(json: String, pen: Pen = Pen.FOUNTAIN): SignaturePad =
            translated { SignaturePad(GeneratedPad.fromJson(json, pen.generated)) }

        /**
         * A pad with recorded strokes, W3C InkML.
         *
         * @throws EsealException `ink.inkml` and the like.
         */
        @JvmStatic
        @JvmOverloads
        public fun fromInkMl(xml: String, pen: Pen = Pen.FOUNTAIN): SignaturePad =
            translated { SignaturePad(GeneratedPad.fromInkMl(xml, pen.generated)) }

        /**
         * A pad with the name that these characters make, each drawn on a pad of its own, in the order of the name: sizes and
         * centres are balanced. The characters' pads stay as they are.
         *
         * @throws EsealException `ink.empty` if one has no stroke; `ink.too-many-points` and the like.
         */
        @JvmStatic
        @JvmOverloads
        public fun ofName(
            characters: List<SignaturePad>,
            direction: NameDirection = NameDirection.ROW,
            pen: Pen = Pen.FOUNTAIN,
        ): SignaturePad =
            translated {
                SignaturePad(composeName(characters.map { it.generated }, direction.generated, pen.generated))
            }
    }
}

/**
 * Strokes drawn again at the speed they were drawn with. There is no clock inside: the caller says how much time has passed.
 * Wipe the surface before the first answer. [close] it at the end.
 */
public class InkReplay internal constructor(private val generated: GeneratedReplay) : AutoCloseable {
    /** From first to last point, ms. */
    public val durationMs: Double get() = generated.durationMs()

    /** When there is something to paint again, ms from the beginning; `null` if it is over. */
    public val nextMs: Double? get() = generated.nextMs()

    /** What to paint for the time until [elapsedMs] from the beginning. Multiply the elapsed time to play faster. */
    public fun upTo(elapsedMs: Double): PadPaint = generated.upTo(elapsedMs).asPublic()

    override fun close(): Unit = generated.close()
}

private fun ByteArray.asDirect() = ByteBuffer.wrap(this).directFromPosition()
