package cn.eseal.sdk

import java.util.Locale
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class KeyPromptTest {
    private val approve =
        KeyPrompt("prompt.approve", mapOf("operation" to "claim-handwritten-seal", "documents" to "1"))

    @Test
    fun `operations are named and counts filled in`() {
        assertEquals("同意：申领个人手绘章（附件 1 份）", approve.text(Locale.SIMPLIFIED_CHINESE))
        assertEquals("Approve: claim your handwritten seal (attachments: 1)", approve.text(Locale.GERMAN))
    }

    @Test
    fun `an operation of a later version is shown by its name, and a prompt of one not at all`() {
        val later = KeyPrompt("prompt.decline", mapOf("operation" to "later"))
        assertEquals("拒绝：later", later.text(Locale.TAIWAN))
        assertEquals("", KeyPrompt("prompt.later", emptyMap()).text(Locale.UK))
    }
}
