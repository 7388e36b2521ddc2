package cn.eseal.sdk

import cn.eseal.sdk.generated.scanFrame as generatedScanFrame
import java.nio.ByteBuffer

/**
 * A code that was read. [toString] leaves the text out: it opens a request for some seconds.
 *
 * @property text its text. Hand it to [Eseal.openConsent]; never open it as a link.
 * @property corners its corners in the frame, px: top left, top right, bottom right, bottom left of the code.
 */
public data class ScannedCode(public val text: String, public val corners: List<FramePoint>) {
    override fun toString(): String = "ScannedCode(corners=$corners)"
}

/**
 * A point of a frame.
 *
 * @property x from the left, px.
 * @property y from the top, px.
 */
public data class FramePoint(public val x: Float, public val y: Float)

/**
 * The codes in the luminance plane of a camera frame; none is an empty list.
 *
 * Computes on the calling thread for some milliseconds to some tens of them: the camera's analysis thread is the place for it.
 * A direct buffer, as cameras give it, is not copied. The buffer is read from its position, which stays as it is.
 *
 * @param stride distance of two rows, bytes.
 * @throws EsealException `qr.frame-layout` when the sizes do not fit together, `qr.too-large`.
 */
public fun scanFrame(width: Int, height: Int, stride: Int, luma: ByteBuffer): List<ScannedCode> =
    try {
        translated { generatedScanFrame(width.toUInt(), height.toUInt(), stride.toUInt(), luma.directFromPosition()) }
            .map { code -> ScannedCode(code.text, code.corners.map { FramePoint(it.x, it.y) }) }
    } catch (failure: EsealException) {
        // Most frames of a camera show no code.
        if (failure.code == "qr.not-found") emptyList() else throw failure
    }

/** The generated code takes the address of a direct buffer's first byte, wherever its position is. */
private fun ByteBuffer.directFromPosition(): ByteBuffer {
    if (isDirect) return slice()
    val copy = ByteBuffer.allocateDirect(remaining())
    // Through a view, so that the copy's own position stays at the beginning.
    copy.duplicate().put(duplicate())
    return copy
}
