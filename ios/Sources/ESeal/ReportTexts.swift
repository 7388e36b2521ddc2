import Foundation

/// What the checks of a verification report are called.
///
/// Chinese users get Chinese, all others English.
public struct ReportTexts: Sendable {
    private static let chinese = TextTable.load("checks", .chinese)
    private static let english = TextTable.load("checks", .english)

    private let table: TextTable

    /// The names for a locale.
    public init(locale: Locale = .current) {
        table =
            switch TextTable.Language(locale) {
            case .chinese: Self.chinese
            case .english: Self.english
            }
    }

    /// The name of a check by its code; the code if it has none.
    public func name(ofCheck code: String) -> String { table.texts[code] ?? code }

    /// The name of a topic, above the checks that are about it.
    public func name(of topic: Topic) -> String { table.texts["topic.\(topic.rawValue)"] ?? topic.rawValue }
}
