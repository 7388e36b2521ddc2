package cn.eseal.sdk

import cn.eseal.sdk.generated.FaceBox as GeneratedBox
import cn.eseal.sdk.generated.InkTone
import cn.eseal.sdk.generated.PenKind
import cn.eseal.sdk.generated.inkRgb

/** The pen. */
public enum class Pen(internal val generated: PenKind) {
    /** A fountain pen (钢笔). */
    FOUNTAIN(PenKind.FOUNTAIN),

    /** A writing brush (毛笔). */
    BRUSH(PenKind.BRUSH),

    /** A felt pen. */
    MARKER(PenKind.MARKER),
}

/** The ink's colour. */
public enum class InkColor(internal val generated: InkTone) {
    /** Black. */
    BLACK(InkTone.BLACK),

    /** The blue of document-proof ink. */
    BLUE(InkTone.BLUE),

    /** The red of seal paste (印泥). */
    RED(InkTone.RED),
    ;

    /** 0xAARRGGBB, opaque, as Android's `Paint` takes it: a pad that paints with it looks like the face. */
    public val argb: Int by lazy { 0xFF000000.toInt() or inkRgb(generated).toInt() }
}

/**
 * The box that a face is fitted into. The face is trimmed: one of its sides may be shorter.
 *
 * @property widthMm width, mm.
 * @property heightMm height, mm.
 * @property marginMm empty space around the ink, inside the box, mm.
 */
public data class FaceBox(
    public val widthMm: Double = 40.0,
    public val heightMm: Double = 20.0,
    public val marginMm: Double = 0.5,
) {
    internal fun asGenerated() = GeneratedBox(widthMm, heightMm, marginMm)
}
