package cn.eseal.sdk

import cn.eseal.sdk.harness.MemoryKeys
import cn.eseal.sdk.harness.Phone
import cn.eseal.sdk.harness.ReferencePlatform
import cn.eseal.sdk.harness.refused
import cn.eseal.sdk.harness.stampOrder
import java.io.File
import java.util.Collections
import java.util.Locale
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import org.junit.jupiter.api.io.TempDir

@ExtendWith(ReferencePlatform.Shared::class)
class BatchTest(private val platform: ReferencePlatform, @param:TempDir private val folder: File) {
    private val jiang = platform.jiang

    private fun orders(seal: Seal): List<StampOrder> {
        val text = folder.resolve("text.pdf").apply { writeText("no PDF") }
        return listOf(
            stampOrder(seal, folder.resolve("a.pdf")),
            stampOrder(seal, folder.resolve("b.pdf"), text),
            stampOrder(seal, folder.resolve("c.pdf")).copy(
                places = listOf(
                    StampPlace.OnText("乙方", widthMm = 30.0, heightMm = 15.0, occurrence = -1),
                    StampPlace.AcrossPages(PageEdge.RIGHT, widthMm = 30.0, heightMm = 15.0),
                ),
                profile = SignatureProfile.COMPAT,
            ),
        )
    }

    @Test
    fun `a key with a window is unlocked once for all documents`(): Unit = runBlocking {
        Phone(platform, keys = MemoryKeys(UserPresence.Window(30))).use { phone ->
            val orders = orders(phone.seal(jiang))
            phone.eseal.prepareBatch(orders).use { batch ->
                assertEquals(2 to 1, batch.documents to batch.prompts)
                assertEquals(listOf(null, "pdf.not-a-pdf", null), batch.refusals.map { it?.code })
                val steps = Collections.synchronizedList(mutableListOf<Pair<Int, Step>>())
                val outcomes = batch.seal { document, step -> steps += document to step }
                assertEquals(listOf("ESeal1", "pdf.not-a-pdf", "ESeal1"), outcomes.map(::told))
                assertEquals(listOf(0, 2), steps.filter { it.second == Step.DONE }.map { it.first })
                assertEquals("batch.empty", refused { batch.seal() }.code, "a batch is sealed once")
            }
            for (order in listOf(orders[0], orders[2])) {
                assertEquals(Verdict.VALID, phone.eseal.verify(order.output).verdict)
            }
            assertFalse(orders[1].output.exists())
            val first = phone.keys.prompts.first { it.key == "prompt.seal" }
            assertEquals("用您的印章签署文件（2 份）", first.text(Locale.SIMPLIFIED_CHINESE))
        }
    }

    @Test
    fun `a key without a window asks for each document, and a no is a no`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val orders = orders(phone.seal(jiang))
            phone.eseal.prepareBatch(orders).use { batch ->
                assertEquals(2 to 2, batch.documents to batch.prompts)
                phone.keys.beforeSigning = { purpose, _ ->
                    if (purpose == KeyPurpose.SEALING) throw DeviceKeyException(DeviceKeyException.Reason.USER_CANCELLED)
                }
                val outcomes = batch.seal()
                val expected = listOf("device-key.user-cancelled", "pdf.not-a-pdf", "batch.not-asked")
                assertEquals(expected, outcomes.map(::told))
                assertNull(orders.find { it.output.exists() })
            }
        }
    }

    @Test
    fun `windows are short and belong to sealing keys`() {
        for (seconds in listOf(0, 31)) {
            assertThrows(IllegalArgumentException::class.java) { UserPresence.Window(seconds) }
        }
    }

    private fun told(outcome: StampOutcome): String =
        when (outcome) {
            is StampOutcome.Sealed -> outcome.document.field
            is StampOutcome.Refused -> outcome.reason.code
        }
}
