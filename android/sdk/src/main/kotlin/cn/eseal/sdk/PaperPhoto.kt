package cn.eseal.sdk

import cn.eseal.sdk.generated.PaperPhoto as GeneratedPhoto
import cn.eseal.sdk.generated.PhotoLayout as GeneratedLayout
import cn.eseal.sdk.generated.PhotoPoint as GeneratedPoint
import cn.eseal.sdk.generated.PhotoRect as GeneratedRect
import cn.eseal.sdk.generated.PixelFormat as GeneratedFormat
import java.nio.ByteBuffer

/** What a pixel is, 8 bits a channel, sRGB. */
public enum class PixelFormat(internal val generated: GeneratedFormat) {
    /** One byte: grey. */
    GREY(GeneratedFormat.GREY),

    /** Three bytes: red, green, blue. */
    RGB(GeneratedFormat.RGB),

    /** Four bytes: red, green, blue, and one that is not looked at: `Bitmap.Config.ARGB_8888`. */
    RGBA(GeneratedFormat.RGBA),
}

/** An upright rectangle of a photograph, px from its top-left corner. */
public data class PhotoRect(
    public val left: Int,
    public val top: Int,
    public val width: Int,
    public val height: Int,
) {
    internal fun asGenerated() = GeneratedRect(left.toUInt(), top.toUInt(), width.toUInt(), height.toUInt())
}

/** A place on a photograph, px from its top-left corner. */
public data class PhotoPoint(public val x: Double, public val y: Double)

/**
 * A photograph of a signature on paper, to become a seal face.
 *
 * Taken at an angle, it is straightened first: [sheet] finds the corners, a person moves them, [straightened] does it. Then
 * [signatures] says where the ink is, a person moves the edges, and [face] draws it.
 *
 * Threading: safe from any thread; every call computes for up to some hundred milliseconds, so not on the main one.
 * Lifetime: as [SealFace]. It holds a copy of the pixels.
 */
public class PaperPhoto private constructor(private val generated: GeneratedPhoto) : AutoCloseable {
    /** Pixels in a row; after [straightened] another number. */
    public val width: Int = generated.width().toInt()

    /** Rows. */
    public val height: Int = generated.height().toInt()

    /**
     * Where signatures are, most ink first.
     *
     * @throws EsealException `photo.no-ink`.
     */
    public fun signatures(): List<PhotoRect> =
        translated { generated.signatures() }
            .map { PhotoRect(it.left.toInt(), it.top.toInt(), it.width.toInt(), it.height.toInt()) }

    /**
     * The corners of the sheet: top left, top right, bottom right, bottom left.
     *
     * @throws EsealException `photo.no-sheet` if it cannot be seen whole, or is no brighter than what it lies on.
     */
    public fun sheet(): List<PhotoPoint> = translated { generated.sheet() }.map { PhotoPoint(it.x, it.y) }

    /**
     * What lies between these four corners, as seen from straight above.
     *
     * @throws EsealException `photo.corners` if no rectangle has these corners.
     */
    public fun straightened(corners: List<PhotoPoint>): PaperPhoto =
        translated { PaperPhoto(generated.straightened(corners.map { GeneratedPoint(it.x, it.y) })) }

    /**
     * The signature as a seal face. A photograph does not say how large things are: the face is fitted into the box.
     *
     * @param crop where to look; `null` for the only signature, wherever it is.
     * @param color `null` for the colour that the ink has.
     * @throws EsealException `photo.…`: what is wrong with the photograph; `photo.several-signatures`, of which one has to be
     *   chosen.
     */
    public fun face(crop: PhotoRect? = null, color: InkColor? = null, within: FaceBox = FaceBox()): SealFace =
        translated { SealFace(generated.face(crop?.asGenerated(), color?.generated, within.asGenerated())) }

    override fun close(): Unit = generated.close()

    public companion object {
        /**
         * A photograph with its upright pixels, read from the buffer's position, which stays as it is; a direct buffer is
         * copied once.
         *
         * @param stride distance of two rows, bytes.
         * @throws EsealException `photo.layout` when the sizes do not fit together, `photo.too-large`,
         *   `photo.too-few-pixels`.
         */
        @JvmStatic
        public fun of(width: Int, height: Int, stride: Int, format: PixelFormat, pixels: ByteBuffer): PaperPhoto {
            val layout = GeneratedLayout(width.toUInt(), height.toUInt(), stride.toUInt(), format.generated)
            return translated { PaperPhoto(GeneratedPhoto(layout, pixels.directFromPosition())) }
        }
    }
}
