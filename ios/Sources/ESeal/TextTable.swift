import Foundation

/// The package's own texts, one file for each kind and language.
struct TextTable: Sendable {
    /// What the package carries beside its code.
    static let bundle = Bundle.module

    let texts: [String: String]

    /// The table `name` in a language; the errors' table has no name.
    ///
    /// The file is named here and not found by the bundle: an app's language need not be the system's.
    static func load(_ name: String, _ language: Language) -> TextTable {
        guard
            let url = bundle.url(
                forResource: name.isEmpty ? language.rawValue : "\(language.rawValue).\(name)",
                withExtension: "strings",
                subdirectory: "Texts"
            ),
            let data = try? Data(contentsOf: url),
            let texts = try? PropertyListSerialization.propertyList(from: data, format: nil) as? [String: String]
        else {
            return TextTable(texts: [:])
        }
        return TextTable(texts: texts)
    }

    /// A language that there are texts in: Chinese for Chinese readers, English for all others.
    enum Language: String {
        case chinese = "zh-Hans"
        case english = "en"

        init(_ locale: Locale) {
            self = locale.identifier.hasPrefix("zh") ? .chinese : .english
        }
    }
}
