package cn.eseal.sdk

import cn.eseal.sdk.harness.Fixtures
import cn.eseal.sdk.harness.refused
import java.io.ByteArrayInputStream
import javax.imageio.ImageIO
import kotlin.math.roundToInt
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.double
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class SignaturePadTest {
    /** The recording's points. */
    private val strokes: List<List<TouchSample>> =
        Json.parseToJsonElement(Fixtures.strokes).jsonObject.getValue("strokes").jsonArray.map { stroke ->
            stroke.jsonArray.map { point ->
                val (x, y, t) = point.jsonArray.map { it.jsonPrimitive.double }
                TouchSample(x * MM_PER_DP, y * MM_PER_DP, t)
            }
        }

    private fun SignaturePad.draw(stroke: List<TouchSample>) {
        beginStroke()
        stroke.chunked(3).forEach(::add)
        endStroke()
    }

    @Test
    fun `points drawn one after the other make the face of the recording`() {
        val recorded = SignaturePad.fromJson(Fixtures.strokes).use { pad -> pad.face().use { it.svg() } }
        SignaturePad().use { pad ->
            strokes.forEach { pad.draw(it) }
            assertEquals(recorded, pad.face().use { it.svg() })
        }
    }

    @Test
    fun `undo takes the last stroke back, clear all`() {
        SignaturePad().use { pad ->
            strokes.forEach { pad.draw(it) }
            val whole = pad.face().use { it.svg() }
            pad.undo()
            assertNotEquals(whole, pad.face().use { it.svg() })
            pad.draw(strokes.last())
            assertEquals(whole, pad.face().use { it.svg() })
            pad.clear()
            assertEquals("ink.empty", refused { pad.face() }.code)
        }
    }

    @Test
    fun `what is no signature has its reason`() {
        fun face(points: List<TouchSample>) = SignaturePad().use { pad ->
            pad.draw(points)
            refused { pad.face() }.code
        }
        assertEquals("ink.only-dots", face(List(5) { TouchSample(10.0, 10.0, it * 8.0) }))
        assertEquals("ink.straight-line", face(List(60) { TouchSample(it * 0.8, 10.0, it * 8.0) }))
        assertEquals("ink.json", refused { SignaturePad.fromJson("{") }.code)
        SignaturePad().use { pad ->
            pad.beginStroke()
            assertEquals("ink.out-of-range", refused { pad.add(listOf(TouchSample(Double.NaN, 0.0, 0.0))) }.code)
        }
    }

    @Test
    fun `a face has the size that was asked for, as PNG too`() {
        SignaturePad.fromJson(Fixtures.strokes).use { pad ->
            pad.face(FaceStyle(Pen.BRUSH, InkColor.RED, 60.0, 30.0)).use { face ->
                assertTrue(face.widthMm <= 60.0 && face.heightMm <= 30.0, "${face.widthMm} × ${face.heightMm}")
                assertTrue(face.widthMm > 59.9 || face.heightMm > 29.9, "${face.widthMm} × ${face.heightMm}")
                val image = ImageIO.read(ByteArrayInputStream(face.png(300)))
                assertEquals((face.widthMm / 25.4 * 300).roundToInt().toDouble(), image.width.toDouble(), 1.0)
                assertTrue(image.colorModel.hasAlpha())
                assertEquals(0, image.getRGB(0, 0) ushr 24, "the ground is transparent")
                SealFace.fromSvg(face.svg()).use { again -> assertEquals(face.svg(), again.svg()) }
                for (dpi in listOf(-1, 0, 71, 1201)) assertEquals("face.dpi", refused { face.png(dpi) }.code)
            }
        }
    }

    @Test
    fun `pens and colours differ`() {
        SignaturePad.fromJson(Fixtures.strokes).use { pad ->
            val faces = Pen.entries.flatMap { pen -> InkColor.entries.map { FaceStyle(pen, it) } }
                .map { style -> pad.face(style).use { it.svg() } }
            assertEquals(9, faces.toSet().size)
        }
    }

    private companion object {
        /** The recording's unit is 1/160 inch. */
        const val MM_PER_DP = 25.4 / 160
    }
}
