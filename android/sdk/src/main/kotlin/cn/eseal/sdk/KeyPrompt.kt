package cn.eseal.sdk

import java.util.Locale

/**
 * What the user is told while a key is unlocked.
 *
 * @property key names the text, for an app with a wording of its own: `prompt.request`, `prompt.prove-possession`,
 *   `prompt.approve`, `prompt.decline` or `prompt.seal`.
 * @property values by the names that stand in braces in the text: numbers, or names of operations.
 */
public data class KeyPrompt(public val key: String, public val values: Map<String, String>) {
    /**
     * The text with its values filled in, such as for `BiometricPrompt`'s subtitle: Chinese for Chinese, English for all others;
     * empty for a prompt that this version does not know. Reads a small file.
     */
    public fun text(locale: Locale = Locale.getDefault()): String {
        val texts = TextTable.load("prompts", locale)
        return values.entries.fold(texts[key].orEmpty()) { text, (name, value) ->
            text.replace("{$name}", texts["$name.$value"] ?: value)
        }
    }
}
