package cn.eseal.sdk

import cn.eseal.sdk.harness.Fixtures
import cn.eseal.sdk.harness.refused
import java.awt.Color
import java.awt.RenderingHints
import java.awt.geom.Path2D
import java.awt.image.BufferedImage
import java.io.ByteArrayInputStream
import java.nio.ByteBuffer
import javax.imageio.ImageIO
import kotlin.math.hypot
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class PaperPhotoTest {
    private val signature: BufferedImage =
        SignaturePad.fromJson(Fixtures.strokes).use { pad ->
            pad.face(InkColor.BLUE).use { ImageIO.read(ByteArrayInputStream(it.png(300))) }
        }

    /** A sheet with signatures, and a table around it if it is a figure of four corners. */
    private fun photograph(sheet: List<PhotoPoint>? = null, signatures: Int = 1): BufferedImage {
        val image = BufferedImage(900, 700, BufferedImage.TYPE_3BYTE_BGR)
        image.createGraphics().run {
            setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON)
            color = if (sheet == null) Color(225, 224, 220) else Color(90, 70, 50)
            fillRect(0, 0, 900, 700)
            if (sheet != null) {
                color = Color(225, 224, 220)
                fill(Path2D.Double().apply {
                    sheet.forEachIndexed { n, at -> if (n == 0) moveTo(at.x, at.y) else lineTo(at.x, at.y) }
                    closePath()
                })
            }
            repeat(signatures) { drawImage(signature, 220, if (signatures == 1) 200 else 60 + 400 * it, null) }
            dispose()
        }
        return image
    }

    private fun photo(image: BufferedImage): PaperPhoto {
        val bytes = ByteArray(image.width * image.height * 4)
        for (at in 0 until image.width * image.height) {
            val rgb = image.getRGB(at % image.width, at / image.width)
            for (c in 0..2) bytes[at * 4 + c] = (rgb shr (16 - 8 * c)).toByte()
        }
        return PaperPhoto.of(image.width, image.height, image.width * 4, PixelFormat.RGBA, ByteBuffer.wrap(bytes))
    }

    @Test
    fun `the only signature becomes a face, in its own colour or another`() {
        photo(photograph()).use { photo ->
            val crop = photo.signatures().single()
            assertTrue(crop.left < 230 && crop.top < 210 && crop.left + crop.width > 200 + signature.width, "$crop")
            val own = photo.face().use { it.svg() }
            assertEquals(own, photo.face(crop).use { it.svg() })
            photo.face(color = InkColor.RED, within = FaceBox(30.0, 30.0)).use { face ->
                assertEquals(30.0, face.widthMm, 0.01)
                val image = ImageIO.read(ByteArrayInputStream(face.png(300)))
                val inked = (0 until image.width * image.height).map { image.getRGB(it % image.width, it / image.width) }
                assertTrue(InkColor.RED.argb in inked)
            }
        }
    }

    @Test
    fun `of several signatures one is chosen`() {
        photo(photograph(signatures = 2)).use { photo ->
            assertEquals("photo.several-signatures", refused { photo.face() }.code)
            val found = photo.signatures()
            assertEquals(2, found.size)
            found.forEach { crop -> photo.face(crop).use { assertTrue(it.widthMm > 39) } }
        }
    }

    @Test
    fun `a sheet at an angle is found and straightened`() {
        val corners = listOf(PhotoPoint(120.0, 90.0), PhotoPoint(800.0, 70.0), PhotoPoint(860.0, 640.0), PhotoPoint(60.0, 610.0))
        photo(photograph(corners)).use { photo ->
            val found = photo.sheet()
            found.zip(corners).forEach { (one, other) ->
                assertTrue(hypot(one.x - other.x, one.y - other.y) < 5, "$one for $other")
            }
            photo.straightened(found).use { straight ->
                assertTrue(straight.width in 500..1200 && straight.height in 400..1200)
                straight.face().use { assertTrue(it.widthMm > 39) }
            }
            assertEquals("photo.corners", refused { photo.straightened(corners.reversed()) }.code)
            assertEquals("sdk.bad-argument", refused { photo.straightened(corners.take(3)) }.code)
        }
        photo(photograph()).use { assertEquals("photo.no-sheet", refused { it.sheet() }.code) }
    }

    @Test
    fun `photographs that cannot be are refused`() {
        fun of(width: Int, height: Int, stride: Int, bytes: Int) =
            refused { PaperPhoto.of(width, height, stride, PixelFormat.GREY, ByteBuffer.allocateDirect(bytes)) }.code
        assertEquals("photo.layout", of(100, 100, 100, 9_999))
        assertEquals("photo.layout", of(100, 100, 99, 10_000))
        assertEquals("photo.too-large", of(-1, 100, 100, 10_000))
        assertEquals("photo.too-few-pixels", of(8, 8, 8, 64))
        PaperPhoto.of(100, 100, 100, PixelFormat.GREY, ByteBuffer.allocate(10_000)).use { dark ->
            assertEquals("photo.no-ink", refused { dark.face() }.code)
            assertEquals("photo.crop", refused { dark.face(PhotoRect(95, 95, 50, 50)) }.code)
        }
    }
}
