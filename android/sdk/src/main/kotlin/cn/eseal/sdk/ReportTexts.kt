package cn.eseal.sdk

import java.util.Locale

/**
 * What the checks of a verification report are called.
 *
 * Chinese users get Chinese, all others English. Threading: immutable, safe from any thread; [of] reads a small file.
 */
public class ReportTexts private constructor(private val texts: TextTable) {
    /** The name of a check by its [code]; the code if it has none. */
    public fun check(code: String): String = texts[code] ?: code

    /** The name of [topic], above the checks that are about it. */
    public fun topic(topic: Topic): String = texts["topic.${topic.wire}"] ?: topic.wire

    public companion object {
        /** The names for [locale]. */
        @JvmStatic
        @JvmOverloads
        public fun of(locale: Locale = Locale.getDefault()): ReportTexts = ReportTexts(TextTable.load("checks", locale))
    }
}
