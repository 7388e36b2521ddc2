package cn.eseal.sdk

import cn.eseal.sdk.harness.Frame
import cn.eseal.sdk.harness.Phone
import cn.eseal.sdk.harness.Portal
import cn.eseal.sdk.harness.ReferencePlatform
import cn.eseal.sdk.harness.refused
import java.nio.ByteBuffer
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.extension.ExtendWith

// One frame for all tests: the platform counts how often an account signs in.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(ReferencePlatform.Shared::class)
class ScanTest(private val platform: ReferencePlatform) {
    private val frame: Frame by lazy {
        Phone(platform).use { phone ->
            runBlocking {
                phone.enrol(platform.jiang)
                phone.claim().close()
            }
            Portal(platform, platform.jiang).run { Frame.of(frame(take())) }
        }
    }

    @Test
    fun `the portal's code is read, with its corners`() {
        val code = frame.scan().single()
        assertTrue("${platform.pins.linkHost}/C/1/" in code.text, "a link of the platform")
        val (topLeft, topRight, bottomRight, bottomLeft) = code.corners
        assertTrue(topLeft.x < topRight.x && bottomLeft.x < bottomRight.x && topLeft.y < bottomLeft.y, code.toString())
        assertTrue(code.corners.all { it.x in 0f..frame.width.toFloat() && it.y in 0f..frame.height.toFloat() })
    }

    @Test
    fun `rows with gaps, a buffer with a position, and one on the heap`() {
        val expected = frame.scan().single()
        val (before, gap) = 13 to 24
        val stride = frame.width + gap
        val bytes = ByteArray(before + stride * frame.height)
        for (row in 0 until frame.height) {
            frame.luma.copyInto(bytes, before + row * stride, row * frame.width, (row + 1) * frame.width)
        }
        for (buffer in listOf(ByteBuffer.allocateDirect(bytes.size).put(bytes), ByteBuffer.wrap(bytes))) {
            buffer.position(before).limit(bytes.size)
            assertEquals(expected, scanFrame(frame.width, frame.height, stride, buffer).single())
            assertEquals(before, buffer.position(), "the buffer is as it was")
        }
    }

    @Test
    fun `a camera's frames, turned and cut`() {
        val luma = ByteBuffer.wrap(frame.luma)
        val upright = frame.scan().single()
        CodeScanner().use { scanner ->
            val whole = FrameLayout(frame.width, frame.height)
            assertEquals(upright, scanner.scan(whole, luma).read.single())
            val half = scanner.scan(whole.copy(rotation = FrameRotation.HALF), luma).read.single()
            assertEquals(frame.width - upright.corners.first().x, half.corners.first().x, 0.01f)
            val quarter = FrameRegion(0, 0, frame.width / 2, frame.height / 2)
            assertTrue(scanner.scan(whole.copy(region = quarter), luma).read.isEmpty(), "half a code is none")
            val beyond = FrameRegion(1, 0, frame.width, frame.height)
            assertEquals("qr.frame-layout", refused { scanner.scan(whole.copy(region = beyond), luma) }.code)
        }
    }

    @Test
    fun `only the platform's codes are ours`() {
        Phone(platform).use { phone ->
            assertEquals(ScannedText.Ours, phone.eseal.judgeScanned(frame.scan().single().text))
            assertEquals(
                ScannedText.NotOurs(ForeignCode.LINK, "https://other.example/[U+202E]x"),
                phone.eseal.judgeScanned("https://other.example/\u202Ex"),
            )
            val host = platform.pins.linkHost.lowercase()
            val lookAlike = phone.eseal.judgeScanned("https://$host@evil.example/C/1/A.1.B")
            assertEquals(ForeignCode.LOOK_ALIKE, (lookAlike as ScannedText.NotOurs).kind)
            assertEquals(ForeignCode.TEXT, (phone.eseal.judgeScanned("WIFI:S:x;;") as ScannedText.NotOurs).kind)
        }
    }

    @Test
    fun `a frame without a code is an empty list`() {
        assertTrue(Frame(320, 240, ByteArray(320 * 240) { -1 }).scan().isEmpty())
    }

    @Test
    fun `sizes that do not fit together are refused`() {
        fun refusedWith(width: Int, height: Int, stride: Int, bytes: Int) =
            refused { scanFrame(width, height, stride, ByteBuffer.allocateDirect(bytes)) }.code
        assertEquals("qr.frame-layout", refusedWith(320, 240, 320, 320 * 240 - 1))
        assertEquals("qr.frame-layout", refusedWith(320, 240, 319, 320 * 240))
        assertEquals("qr.too-large", refusedWith(-1, 240, 320, 320 * 240))
        assertEquals("qr.frame-layout", refusedWith(0, 0, 0, 0))
    }
}
