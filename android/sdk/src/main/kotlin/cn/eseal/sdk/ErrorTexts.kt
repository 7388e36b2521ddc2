package cn.eseal.sdk

import java.util.Locale
import java.util.Properties

/**
 * What a user is told about an error, by its stable code.
 *
 * Chinese users get Chinese, all others English. An app that has its own wording looks up its own table first.
 */
public class ErrorTexts private constructor(private val texts: Properties) {
    /** The text of [code]; for a code that this version does not know, a general one that names it. */
    public fun text(code: String): String =
        texts.getProperty(code) ?: texts.getProperty(UNKNOWN).replace("{code}", code)

    internal val codes: Set<String> get() = texts.stringPropertyNames()

    public companion object {
        private const val UNKNOWN = "unknown"

        /** The texts for [locale]. */
        @JvmStatic
        @JvmOverloads
        public fun of(locale: Locale = Locale.getDefault()): ErrorTexts =
            ErrorTexts(load(if (locale.isChinese) "zh_CN" else "en"))

        private fun load(language: String): Properties {
            // From the root: an app's shrinker may move this class to another package, but not the tables.
            val name = "/cn/eseal/sdk/errors_$language.properties"
            val stream = checkNotNull(ErrorTexts::class.java.getResourceAsStream(name)) { "$name is not in the library" }
            // Read as characters: a stream of bytes would be taken for Latin-1.
            return stream.bufferedReader().use { reader -> Properties().apply { load(reader) } }
        }
    }
}

/** Chinese of any region. */
internal val Locale.isChinese: Boolean get() = language == Locale.CHINESE.language
