package cn.eseal.sdk

import cn.eseal.sdk.generated.FaceStyle as GeneratedStyle
import cn.eseal.sdk.generated.InkTone
import cn.eseal.sdk.generated.PenKind
import cn.eseal.sdk.generated.SignaturePad as GeneratedPad
import cn.eseal.sdk.generated.TouchSample as GeneratedSample

/**
 * One point of a stroke.
 *
 * @property xMm to the right, mm.
 * @property yMm downwards, mm.
 * @property tMs time of the event (not of its handling), ms.
 * @property force how hard a stylus presses, 0 to 1; `null` for a finger.
 */
public data class TouchSample(
    public val xMm: Double,
    public val yMm: Double,
    public val tMs: Double,
    public val force: Float? = null,
)

/** The pen. */
public enum class Pen {
    /** A fountain pen (钢笔). */
    FOUNTAIN,

    /** A writing brush (毛笔). */
    BRUSH,

    /** A felt pen. */
    MARKER,
}

/** The ink's colour. */
public enum class InkColor {
    /** Black. */
    BLACK,

    /** The blue of document-proof ink. */
    BLUE,

    /** The red of seal paste (印泥). */
    RED,
}

/**
 * How a signature becomes a face.
 *
 * @property pen the pen.
 * @property color the colour.
 * @property fitWidthMm width of the box that the face is fitted into, mm.
 * @property fitHeightMm its height, mm.
 */
public data class FaceStyle(
    public val pen: Pen = Pen.FOUNTAIN,
    public val color: InkColor = InkColor.BLACK,
    public val fitWidthMm: Double = 40.0,
    public val fitHeightMm: Double = 20.0,
)

/**
 * Collects a signature.
 *
 * Threading: safe from any thread, and quick enough for the main thread; [face] computes for some milliseconds.
 * Lifetime: as [SealFace]; the strokes are gone with it.
 */
public class SignaturePad private constructor(private val generated: GeneratedPad) : AutoCloseable {
    /** An empty pad. The first object of the process loads the native library. */
    public constructor() : this(GeneratedPad())

    /** The pen or finger touches. */
    public fun beginStroke(): Unit = generated.beginStroke()

    /**
     * Points of the present stroke, oldest first; on Android with those of `MotionEvent.getHistoricalX`.
     *
     * @throws EsealException `ink.…` for the first point that cannot be taken; those before it are kept.
     */
    public fun add(samples: List<TouchSample>): Unit =
        translated { generated.add(samples.map { GeneratedSample(it.xMm, it.yMm, it.tMs, it.force) }) }

    /** The pen or finger lifts. */
    public fun endStroke(): Unit = generated.endStroke()

    /** Takes the last stroke back. */
    public fun undo(): Unit = generated.undo()

    /** Takes everything back. */
    public fun clear(): Unit = generated.clear()

    /**
     * The signature as a seal face; the pad can be drawn on further.
     *
     * @throws EsealException `ink.empty`, `ink.only-dots` and the other reasons why strokes are no signature; `face.…` for a
     *   size that cannot be.
     */
    public fun face(style: FaceStyle = FaceStyle()): SealFace =
        translated { SealFace(generated.face(style.asGenerated())) }

    override fun close(): Unit = generated.close()

    public companion object {
        /**
         * A pad with recorded strokes, JSON as `eseal ink render` reads it.
         *
         * @throws EsealException `ink.…`.
         */
        @JvmStatic
        public fun fromJson(json: String): SignaturePad = translated { SignaturePad(GeneratedPad.fromJson(json)) }
    }
}

private fun FaceStyle.asGenerated(): GeneratedStyle {
    val kind = when (pen) {
        Pen.FOUNTAIN -> PenKind.FOUNTAIN
        Pen.BRUSH -> PenKind.BRUSH
        Pen.MARKER -> PenKind.MARKER
    }
    val tone = when (color) {
        InkColor.BLACK -> InkTone.BLACK
        InkColor.BLUE -> InkTone.BLUE
        InkColor.RED -> InkTone.RED
    }
    return GeneratedStyle(kind, tone, fitWidthMm, fitHeightMm)
}
