import Foundation

/// What the user is told while a key is unlocked.
public struct KeyPrompt: Sendable, Hashable {
    private static let chinese = TextTable.load("prompts", .chinese)
    private static let english = TextTable.load("prompts", .english)

    /// Names the text, such as `prompt.approve`: for an app with a wording of its own.
    public let key: String
    /// Values by the names that stand in braces in the text: numbers, or names of operations.
    public let values: [String: String]

    /// The text with its values filled in, such as for `LAContext.localizedReason`; empty for a prompt that this version does
    /// not know.
    public func text(locale: Locale = .current) -> String {
        let table =
            switch TextTable.Language(locale) {
            case .chinese: Self.chinese.texts
            case .english: Self.english.texts
            }
        return values.reduce(table[key] ?? "") { text, value in
            let spelled = table["\(value.key).\(value.value)"] ?? value.value
            return text.replacingOccurrences(of: "{\(value.key)}", with: spelled)
        }
    }
}
