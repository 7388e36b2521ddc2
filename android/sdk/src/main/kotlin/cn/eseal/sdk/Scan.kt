package cn.eseal.sdk

import cn.eseal.sdk.generated.FrameLayout as GeneratedLayout
import cn.eseal.sdk.generated.FramePoint as GeneratedPoint
import cn.eseal.sdk.generated.FrameRegion as GeneratedRegion
import cn.eseal.sdk.generated.FrameRotation as GeneratedRotation
import cn.eseal.sdk.generated.ScannedCode as GeneratedCode
import cn.eseal.sdk.generated.ScannedText as GeneratedText
import cn.eseal.sdk.generated.scanFrame as generatedScanFrame
import java.nio.ByteBuffer

/**
 * A code that was read. [toString] leaves the text out: it opens a request for some seconds.
 *
 * @property text its text. Hand it to [Eseal.judgeScanned] and [Eseal.openConsent]; never open it as a link.
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
 * A code that is there and was not read: too far, too blurred, or it takes a few frames more.
 *
 * @property corners its corners in the frame, px, as well as they are known; in the order of [ScannedCode.corners].
 * @property modulePx camera pixels along one module. Below three, zooming in helps.
 */
public data class SeenCode(public val corners: List<FramePoint>, public val modulePx: Float)

/**
 * What a frame gave.
 *
 * @property read codes that were read.
 * @property seen codes that were only seen; empty when something was read.
 */
public data class FrameScan(public val read: List<ScannedCode>, public val seen: List<SeenCode>)

/** How far clockwise a frame has to be turned to be upright: CameraX's `imageInfo.rotationDegrees`. */
public enum class FrameRotation(internal val generated: GeneratedRotation) {
    UPRIGHT(GeneratedRotation.UPRIGHT),
    QUARTER(GeneratedRotation.QUARTER),
    HALF(GeneratedRotation.HALF),
    THREE_QUARTERS(GeneratedRotation.THREE_QUARTERS),
}

/** A part of a frame, px. */
public data class FrameRegion(
    public val left: Int,
    public val top: Int,
    public val width: Int,
    public val height: Int,
)

/**
 * How a frame lies in memory and on the screen.
 *
 * @property stride distance of two rows, bytes.
 * @property rotation codes are read in any; this says how their corners are counted.
 * @property region the only part to look at; `null` for all of it.
 */
public data class FrameLayout(
    public val width: Int,
    public val height: Int,
    public val stride: Int = width,
    public val rotation: FrameRotation = FrameRotation.UPRIGHT,
    public val region: FrameRegion? = null,
)

/**
 * Reads codes from the frames of one camera, one after the other: frames that do not suffice alone add up, and the work for
 * each is bounded. One for each time the camera is opened; [close] it afterwards.
 */
public class CodeScanner : AutoCloseable {
    private val scanner = cn.eseal.sdk.generated.CodeScanner()

    /**
     * Looks at the luminance plane of the next frame. Computes on the calling thread: the camera's analysis thread is the
     * place for it. A direct buffer is not copied; it is read from its position, which stays as it is.
     *
     * @throws EsealException `qr.frame-layout` when the sizes do not fit together, `qr.too-large`.
     */
    public fun scan(layout: FrameLayout, luma: ByteBuffer): FrameScan {
        val scan = translated { scanner.scan(layout.asGenerated(), luma.directFromPosition()) }
        return FrameScan(
            scan.read.map { it.asPublic() },
            scan.seen.map { SeenCode(it.corners.map(GeneratedPoint::asPublic), it.modulePx) },
        )
    }

    override fun close(): Unit = scanner.close()
}

/** What a scanned text is: [Eseal.judgeScanned]. */
public sealed interface ScannedText {
    /** A code of the platform's: hand it to [Eseal.openConsent]. */
    public data object Ours : ScannedText

    /**
     * Somebody else's: show it as plain text, never open it, never make a link of it.
     *
     * @property kind what it pretends to be.
     * @property shown the text, made safe to look at: one line, nothing hidden, at most 256 characters.
     */
    public data class NotOurs(public val kind: ForeignCode, public val shown: String) : ScannedText
}

/** What a code that is not the platform's pretends to be. */
public enum class ForeignCode {
    /** A link made to be taken for the platform's: warn. */
    LOOK_ALIKE,

    /** A link to somewhere else. */
    LINK,

    /** Anything else. */
    TEXT,
}

internal fun GeneratedText.asPublic(): ScannedText =
    when (this) {
        is GeneratedText.Ours -> ScannedText.Ours
        is GeneratedText.NotOurs -> ScannedText.NotOurs(ForeignCode.valueOf(kind.name), shown)
    }

private fun GeneratedCode.asPublic() = ScannedCode(text, corners.map(GeneratedPoint::asPublic))

private fun GeneratedPoint.asPublic() = FramePoint(x, y)

private fun FrameLayout.asGenerated() =
    GeneratedLayout(
        width.toUInt(),
        height.toUInt(),
        stride.toUInt(),
        rotation.generated,
        region?.run { GeneratedRegion(left.toUInt(), top.toUInt(), width.toUInt(), height.toUInt()) },
    )

/**
 * The codes in the luminance plane of a picture, as from the gallery, with all that there is; none is an empty list. For the
 * frames of a camera there is [CodeScanner].
 *
 * Computes on the calling thread for some milliseconds to some tens of them, so not on the main one. A direct buffer is not
 * copied. The buffer is read from its position, which stays as it is.
 *
 * @param stride distance of two rows, bytes.
 * @throws EsealException `qr.frame-layout` when the sizes do not fit together, `qr.too-large`.
 */
public fun scanFrame(width: Int, height: Int, stride: Int, luma: ByteBuffer): List<ScannedCode> =
    try {
        translated { generatedScanFrame(width.toUInt(), height.toUInt(), stride.toUInt(), luma.directFromPosition()) }
            .map { it.asPublic() }
    } catch (failure: EsealException) {
        // Most frames of a camera show no code.
        if (failure.code == "qr.not-found") emptyList() else throw failure
    }

/** The generated code takes the address of a direct buffer's first byte, wherever its position is. */
internal fun ByteBuffer.directFromPosition(): ByteBuffer {
    if (isDirect) return slice()
    val copy = ByteBuffer.allocateDirect(remaining())
    // Through a view, so that the copy's own position stays at the beginning.
    copy.duplicate().put(duplicate())
    return copy
}
