package cn.eseal.sdk

import java.util.Locale
import java.util.Properties

/** One of the library's tables of texts. */
internal class TextTable private constructor(private val texts: Properties) {
    val keys: Set<String> get() = texts.stringPropertyNames()

    operator fun get(key: String): String? = texts.getProperty(key)

    companion object {
        /** The table [name] in the language for [locale]: Chinese for Chinese, English for all others. */
        fun load(name: String, locale: Locale): TextTable {
            val language = if (locale.isChinese) "zh_CN" else "en"
            // From the root: an app's shrinker may move this class to another package, but not the tables.
            val path = "/cn/eseal/sdk/${name}_$language.properties"
            val stream = checkNotNull(TextTable::class.java.getResourceAsStream(path)) { "$path is not in the library" }
            // Read as characters: a stream of bytes would be taken for Latin-1.
            return stream.bufferedReader().use { reader -> TextTable(Properties().apply { load(reader) }) }
        }
    }
}

/** Chinese of any region. */
internal val Locale.isChinese: Boolean get() = language == Locale.CHINESE.language
