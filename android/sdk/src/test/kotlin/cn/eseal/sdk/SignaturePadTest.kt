package cn.eseal.sdk

import cn.eseal.sdk.harness.Fixtures
import cn.eseal.sdk.harness.Surface
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
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
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

    private fun recorded(pen: Pen = Pen.FOUNTAIN) = SignaturePad.fromJson(Fixtures.strokes, pen)

    private fun SignaturePad.draw(stroke: List<TouchSample>, show: (PadPaint) -> Unit = {}) {
        show(down())
        stroke.chunked(3).forEach { show(add(it)) }
        show(up())
    }

    private fun SignaturePad.svg() = face().use { it.svg() }

    @Test
    fun `points drawn one after the other make the face of the recording`() {
        val recorded = recorded().use { it.svg() }
        SignaturePad().use { pad ->
            strokes.forEach { pad.draw(it) }
            assertEquals(recorded, pad.svg())
        }
    }

    @Test
    fun `a surface that paints what it is told shows the pad`() {
        SignaturePad(Pen.BRUSH).use { pad ->
            val (live, anew) = Surface() to Surface()
            var parts = 0
            for (stroke in strokes) {
                pad.draw(stroke) { paint ->
                    live.show(paint)
                    assertFalse(paint.startsOver)
                    assertTrue(paint.refused.isEmpty())
                    parts += paint.stable.size
                }
            }
            anew.show(pad.repaint())
            assertTrue(parts > strokes.size, "strokes come in parts")
            assertTrue(anew.inked() > 1000, "${anew.inked()} pixels inked")
            assertTrue(live.differsFrom(anew) < 10, "${live.differsFrom(anew)} pixels differ")
        }
    }

    @Test
    fun `a growing stroke has a tail, a guess beyond it, and a small area to show anew`() {
        SignaturePad().use { pad ->
            pad.down()
            val points = List(200) { TouchSample(5 + it * 0.2, 10.0, it * 4.0) }
            val answers = points.chunked(4).map { pad.add(it) }
            for (answer in answers.drop(25)) {
                val dirty = checkNotNull(answer.dirty)
                assertTrue(dirty.right - dirty.left < 14, "$dirty of a stroke of 40 mm")
                assertFalse(answer.tail.isEmpty)
                assertFalse(answer.predicted.isEmpty)
            }
            assertTrue(pad.add(emptyList(), ahead = Ahead.Nothing).predicted.isEmpty)
            val told = pad.add(emptyList(), ahead = Ahead.Reported(listOf(TouchSample(46.0, 10.0, 820.0))))
            assertTrue(checkNotNull(told.dirty).right > 46)
            assertTrue(pad.up().tail.isEmpty)
        }
    }

    @Test
    fun `undo and redo go stroke by stroke, and undo brings back what was cleared`() {
        SignaturePad().use { pad ->
            strokes.forEach { pad.draw(it) }
            val whole = pad.svg()
            assertFalse(pad.canRedo)
            val undone = pad.undo()
            assertTrue(undone.startsOver && undone.dirty != null)
            assertEquals(strokes.size - 1, undone.stable.size)
            assertNotEquals(whole, pad.svg())
            assertEquals(strokes.size, pad.redo().stable.size)
            assertEquals(whole, pad.svg())
            assertTrue(pad.clear().stable.isEmpty())
            assertEquals("ink.empty", refused { pad.face() }.code)
            assertTrue(pad.canUndo)
            pad.undo()
            assertEquals(whole, pad.svg())
        }
    }

    @Test
    fun `what was saved in the middle of a stroke goes on`() {
        val (head, last) = strokes.dropLast(1) to strokes.last()
        val half = last.size / 2
        val saved = SignaturePad().use { pad ->
            head.forEach { pad.draw(it) }
            pad.down(TouchContact(pointer = 3))
            pad.add(last.take(half), pointer = 3)
            pad.save()
        }
        assertTrue(saved.size < 10_000, "${saved.size} bytes")
        SignaturePad.restore(saved).use { pad ->
            val shown = pad.repaint()
            assertTrue(shown.startsOver && shown.stable.size >= head.size && !shown.tail.isEmpty)
            pad.add(last.drop(half), pointer = 3)
            pad.up(pointer = 3)
            assertEquals(recorded().use { it.svg() }, pad.svg())
        }
        assertEquals("ink.bytes", refused { SignaturePad.restore(saved.copyOf(20)) }.code)
    }

    @Test
    fun `every form of the log draws the same face`() {
        recorded().use { pad ->
            val svg = pad.svg()
            assertTrue(pad.log().size < 2_000, "${pad.log().size} bytes")
            assertEquals(svg, SignaturePad.fromLog(pad.log()).use { it.svg() })
            assertEquals(svg, SignaturePad.fromInkMl(pad.inkMl()).use { it.svg() })
        }
        assertEquals("ink.bytes", refused { SignaturePad.fromLog(ByteArray(3)) }.code)
        assertEquals("ink.inkml", refused { SignaturePad.fromInkMl("<ink>") }.code)
        assertEquals("ink.json", refused { SignaturePad.fromJson("{") }.code)
    }

    @Test
    fun `second fingers, palms and faults are refused in the answer`() {
        SignaturePad().use { pad ->
            pad.down(TouchContact(pointer = 1))
            val drawn = pad.add(listOf(TouchSample(1.0, 1.0, 0.0), TouchSample(Double.NaN, 1.0, 4.0)), pointer = 1)
            assertEquals(listOf(RefusedTouch(1, "ink.out-of-range")), drawn.refused)
            assertEquals(listOf(RefusedTouch(0, "ink.second-pointer")), pad.down(TouchContact(pointer = 2)).refused)
            val palm = pad.contactChanged(30.0, pointer = 1)
            assertEquals(listOf(RefusedTouch(0, "ink.palm")), palm.refused)
            assertTrue(palm.startsOver && palm.stable.isEmpty(), "what the palm drew is gone")
            pad.down(TouchContact(pointer = 1))
            pad.add(listOf(TouchSample(1.0, 1.0, 10.0)), pointer = 1)
            assertTrue(pad.down(TouchContact(pointer = 5, tool = TouchTool.STYLUS)).startsOver, "a stylus takes over")
            pad.add(listOf(TouchSample(2.0, 2.0, 20.0, 0.5f, TouchTilt(60f, 90f))), pointer = 5)
            assertTrue(pad.cancel(pointer = 5).startsOver)
            assertFalse(pad.canUndo)
        }
    }

    @Test
    fun `a replay ends as the pad`() {
        recorded(Pen.MARKER).use { pad ->
            val (played, anew) = Surface() to Surface()
            anew.show(pad.repaint())
            pad.replay().use { replay ->
                var at = 0.0
                while (true) {
                    at = maxOf(at + 16, replay.nextMs ?: break)
                    played.show(replay.upTo(at))
                }
                assertTrue(at >= replay.durationMs && at < replay.durationMs + 20)
                assertNull(replay.upTo(1e9).dirty)
            }
            assertTrue(played.differsFrom(anew) < 10, "${played.differsFrom(anew)} pixels differ")
        }
    }

    @Test
    fun `what is no signature has its reason, with value and limit`() {
        fun pad(points: List<TouchSample>) = SignaturePad().apply { draw(points) }
        pad(List(5) { TouchSample(10.0, 10.0, it * 8.0) }).use { dots ->
            assertEquals("ink.only-dots", refused { dots.face() }.code)
        }
        pad(List(60) { TouchSample(it * 0.8, 10.0, it * 8.0) }).use { line ->
            assertEquals("ink.straight-line", refused { line.face() }.code)
            val report = line.judge()
            assertEquals(InkVerdict.REJECT, report.verdict)
            val finding = report.findings.single { it.code == "ink.straight-line" }
            assertEquals(InkFinding("ink.straight-line", 1.0, 1.08, null, InkVerdict.REJECT), finding)
        }
    }

    @Test
    fun `what a person should look at is a warning`() {
        recorded().use { pad ->
            assertEquals(InkVerdict.PASS, pad.judge().verdict)
            val context = SignatureContext(characters = 3, padWidthMm = 20.0, padHeightMm = 8.0, earlier = listOf(pad.digest()))
            val warned = pad.judge(context).findings.filter { it.verdict == InkVerdict.WARN }.map { it.code }
            assertTrue("ink.touches-edge" in warned && "ink.replayed" in warned, "$warned")
            val texts = ErrorTexts.of()
            for (finding in pad.judge(context).findings) assertTrue(texts.text(finding.code).isNotEmpty(), finding.code)
            assertEquals("ink.bytes", refused { pad.judge(SignatureContext(earlier = listOf(ByteArray(5)))) }.code)
        }
    }

    @Test
    fun `a name is composed of its characters, in a row or a column`() {
        // 十 thrice, of three sizes.
        val characters = listOf(10.0, 14.0, 12.0).map { side ->
            SignaturePad().apply {
                draw(List(20) { TouchSample(side * it / 19, side / 2, it * 10.0) })
                draw(List(20) { TouchSample(side / 2, side * it / 19, 400 + it * 10.0) })
            }
        }
        val (row, column) = NameDirection.entries.map { direction ->
            SignaturePad.ofName(characters, direction).use { name -> name.face(within = FaceBox(60.0, 60.0)) }
        }
        assertTrue(row.widthMm > 2.5 * row.heightMm, "${row.widthMm} × ${row.heightMm}")
        assertTrue(column.heightMm > 2.5 * column.widthMm, "${column.widthMm} × ${column.heightMm}")
        SignaturePad().use { empty ->
            assertEquals("ink.empty", refused { SignaturePad.ofName(characters + empty) }.code)
        }
        (characters + listOf(row, column)).forEach { it.close() }
    }

    @Test
    fun `a face has the size that was asked for, as PNG too`() {
        recorded(Pen.BRUSH).use { pad ->
            pad.face(InkColor.RED, FaceBox(60.0, 30.0)).use { face ->
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
    fun `pens and colours differ, and a pad paints with the face's colour`() {
        recorded().use { pad ->
            val faces = Pen.entries.flatMap { pen ->
                assertTrue(pad.usePen(pen).startsOver)
                InkColor.entries.map { color -> pad.face(color).use { it.svg() } }
            }
            assertEquals(9, faces.toSet().size)
            for (color in InkColor.entries) {
                val image = pad.face(color).use { ImageIO.read(ByteArrayInputStream(it.png(300))) }
                val inked = (0 until image.width * image.height).map { image.getRGB(it % image.width, it / image.width) }
                assertTrue(color.argb in inked, "$color")
            }
        }
    }

    private companion object {
        /** The recording's unit is 1/160 inch. */
        const val MM_PER_DP = 25.4 / 160
    }
}
