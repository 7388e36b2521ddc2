package cn.eseal.sdk

import cn.eseal.sdk.generated.InkPath as GeneratedPath
import cn.eseal.sdk.generated.PadPaint as GeneratedPaint

/**
 * What a drawing surface does after an event.
 *
 * It keeps a layer (a bitmap, on Android): wipes it if [startsOver], paints [stable] into it, once; then, within [dirty], it
 * shows the layer with [tail] and, faded, [predicted] over it. Tail and prediction belong to one answer only: the next
 * replaces them.
 *
 * @property startsOver whether the layer is wiped before [stable] is painted.
 * @property stable what will not change until the layer is wiped.
 * @property tail the end of the growing stroke, as far as is known now.
 * @property predicted where the pen will be in a moment.
 * @property dirty where the pad looks different now; `null` if it does not.
 * @property refused what of the event was left out, and why.
 */
public class PadPaint internal constructor(
    public val startsOver: Boolean,
    public val stable: List<InkPath>,
    public val tail: InkPath,
    public val predicted: InkPath,
    public val dirty: PadArea?,
    public val refused: List<RefusedTouch>,
)

/**
 * Closed outlines in the pad's millimetres, filled together by the non-zero rule. To be handed to a platform's path:
 * ```
 * path.forEach(object : InkPath.Sink {
 *     override fun begin(x: Float, y: Float) { close(); android.moveTo(x, y) }  …
 * })
 * ```
 */
public class InkPath internal constructor(private val verbs: ByteArray, private val coordinates: FloatArray) {
    /** Whether there is nothing to paint. */
    public val isEmpty: Boolean get() = verbs.isEmpty()

    /** Hands the outlines to [sink], step by step. */
    public fun forEach(sink: Sink) {
        val at = coordinates
        var next = 0
        verbs.forEachIndexed { nth, verb ->
            when (verb.toInt()) {
                BEGIN -> {
                    if (nth > 0) sink.close()
                    sink.begin(at[next], at[next + 1])
                    next += 2
                }
                LINE -> {
                    sink.line(at[next], at[next + 1])
                    next += 2
                }
                else -> {
                    sink.curve(at[next], at[next + 1], at[next + 2], at[next + 3], at[next + 4], at[next + 5])
                    next += 6
                }
            }
        }
        if (!isEmpty) sink.close()
    }

    /** Takes outlines; the names are those of `android.graphics.Path` in short. */
    public interface Sink {
        /** An outline begins here: `moveTo`. */
        public fun begin(x: Float, y: Float)

        /** Straight to here: `lineTo`. */
        public fun line(x: Float, y: Float)

        /** By two handles to here: `cubicTo`. */
        public fun curve(x1: Float, y1: Float, x2: Float, y2: Float, x: Float, y: Float)

        /** Back to where the outline began: `close`. */
        public fun close()
    }

    private companion object {
        const val BEGIN = 0
        const val LINE = 1
    }
}

/** An upright box on the pad, mm, y downwards. */
public data class PadArea(
    public val left: Double,
    public val top: Double,
    public val right: Double,
    public val bottom: Double,
)

/**
 * A touch or a point that was left out: a second finger, a palm, a fault of the screen.
 *
 * @property index which of the points handed in, from 0; 0 for a touch.
 * @property code why: `ink.second-pointer`, `ink.palm`, `ink.glitch` and the like.
 */
public data class RefusedTouch(public val index: Int, public val code: String)

internal fun GeneratedPaint.asPublic() =
    PadPaint(
        startsOver,
        stable.map { it.asPublic() },
        tail.asPublic(),
        predicted.asPublic(),
        dirty?.run { PadArea(left, top, right, bottom) },
        refused.map { RefusedTouch(it.index.toInt(), it.code) },
    )

private fun GeneratedPath.asPublic() = InkPath(verbs, coordinates.toFloatArray())
