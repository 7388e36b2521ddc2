import Foundation

/// What a user is told about an error, by its stable code.
///
/// Chinese users get Chinese, all others English. An app that has its own wording looks up its own table first.
public struct ErrorTexts: Sendable {
    private static let unknown = "unknown"

    private let texts: [String: String]

    /// The texts for a locale.
    public init(locale: Locale = .current) {
        texts = Self.table(locale.identifier.hasPrefix("zh") ? "zh-Hans" : "en")
    }

    /// The text of `code`; for a code that this version does not know, a general one that names it.
    public func text(_ code: String) -> String {
        if let text = texts[code] {
            return text
        }
        return (texts[Self.unknown] ?? "{code}").replacingOccurrences(of: "{code}", with: code)
    }

    var codes: Set<String> { Set(texts.keys) }

    /// The file is named here and not found by the bundle: an app's language need not be the system's.
    private static func table(_ language: String) -> [String: String] {
        guard
            let url = Bundle.module.url(forResource: language, withExtension: "strings", subdirectory: "Texts"),
            let data = try? Data(contentsOf: url),
            let table = try? PropertyListSerialization.propertyList(from: data, format: nil) as? [String: String]
        else {
            return [:]
        }
        return table
    }
}
