import Foundation

/// What a user is told about an error, by its stable code.
///
/// Chinese users get Chinese, all others English. An app that has its own wording looks up its own table first.
public struct ErrorTexts: Sendable {
    private static let chinese = TextTable.load("", .chinese)
    private static let english = TextTable.load("", .english)
    private static let unknown = "unknown"

    private let table: TextTable

    /// The texts for a locale.
    public init(locale: Locale = .current) {
        table =
            switch TextTable.Language(locale) {
            case .chinese: Self.chinese
            case .english: Self.english
            }
    }

    /// The text of `code`; for a code that this version does not know, a general one that names it.
    public func text(_ code: String) -> String {
        if let text = table.texts[code] {
            return text
        }
        return (table.texts[Self.unknown] ?? "{code}").replacingOccurrences(of: "{code}", with: code)
    }

    var codes: Set<String> { Set(table.texts.keys) }
}
