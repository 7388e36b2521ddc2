package cn.eseal.sdk

import java.util.Locale
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ErrorTextsTest {
    private val chinese = ErrorTexts.of(Locale.SIMPLIFIED_CHINESE)
    private val english = ErrorTexts.of(Locale.UK)

    @Test
    fun `both languages have the same codes`() {
        assertEquals(english.codes, chinese.codes)
    }

    @Test
    fun `every text is in its language`() {
        fun isChinese(text: String) = text.any { Character.UnicodeScript.of(it.code) == Character.UnicodeScript.HAN }
        for (code in chinese.codes) {
            assertTrue(isChinese(chinese.text(code)), code)
            assertTrue(english.text(code).isNotBlank() && !isChinese(english.text(code)), code)
        }
    }

    @Test
    fun `other Chinese regions read Chinese, and everybody else English`() {
        assertEquals(chinese.text("qr.not-found"), ErrorTexts.of(Locale.TRADITIONAL_CHINESE).text("qr.not-found"))
        assertEquals(english.text("qr.not-found"), ErrorTexts.of(Locale.FRENCH).text("qr.not-found"))
    }

    @Test
    fun `a code of a later version is named`() {
        assertTrue("later.code" in english.text("later.code"))
    }
}
