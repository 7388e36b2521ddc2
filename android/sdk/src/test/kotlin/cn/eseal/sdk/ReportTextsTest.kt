package cn.eseal.sdk

import java.util.Locale
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Test

class ReportTextsTest {
    private val chinese = ReportTexts.of(Locale.SIMPLIFIED_CHINESE)
    private val english = ReportTexts.of(Locale.UK)

    @Test
    fun `a check is called by its name, and one of a later version by its code`() {
        assertEquals("证书链", chinese.check("cert.trust"))
        assertEquals("Certificate path", english.check("cert.trust"))
        assertEquals("later.code", chinese.check("later.code"))
    }

    @Test
    fun `every topic has a name`() {
        for (topic in Topic.entries) {
            assertNotEquals(topic.wire, chinese.topic(topic))
            assertNotEquals(topic.wire, english.topic(topic))
        }
    }
}
