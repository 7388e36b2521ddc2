import Foundation

/// The package's own texts, one file for each kind and language.
struct TextTable: Sendable {
    let texts: [String: String]

    /// The table `name` in the language of `locale`: Chinese for Chinese readers, English for all others.
    ///
    /// The file is named here and not found by the bundle: an app's language need not be the system's.
    static func load(_ name: String, _ language: Language) -> TextTable {
        guard
            let url = Bundle.module.url(
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

    /// A language that there are texts in.
    enum Language: String {
        case chinese = "zh-Hans"
        case english = "en"

        init(_ locale: Locale) {
            self = locale.identifier.hasPrefix("zh") ? .chinese : .english
        }
    }
}
