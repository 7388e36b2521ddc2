package cn.eseal.sdk

import java.util.Locale

/**
 * What a user is told about an error, by its stable code.
 *
 * Chinese users get Chinese, all others English. An app that has its own wording looks up its own table first.
 * Threading: immutable, safe from any thread; [of] reads a small file.
 */
public class ErrorTexts private constructor(private val texts: TextTable) {
    /** The text of [code]; for a code that this version does not know, a general one that names it. */
    public fun text(code: String): String = texts[code] ?: texts[UNKNOWN].orEmpty().replace("{code}", code)

    internal val codes: Set<String> get() = texts.keys

    public companion object {
        private const val UNKNOWN = "unknown"

        /** The texts for [locale]. */
        @JvmStatic
        @JvmOverloads
        public fun of(locale: Locale = Locale.getDefault()): ErrorTexts = ErrorTexts(TextTable.load("errors", locale))
    }
}
