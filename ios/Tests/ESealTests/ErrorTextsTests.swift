import XCTest

@testable import ESeal

final class ErrorTextsTests: XCTestCase {
    private let chinese = ErrorTexts(locale: Locale(identifier: "zh_CN"))
    private let english = ErrorTexts(locale: Locale(identifier: "en_GB"))

    func testBothLanguagesHaveTheSameCodes() {
        XCTAssertEqual(chinese.codes, english.codes)
        XCTAssertTrue(chinese.codes.contains("qr.not-found"))
    }

    func testEveryTextIsInItsLanguage() {
        let han = ("\u{4E00}"..."\u{9FFF}")
        for code in chinese.codes {
            XCTAssertTrue(chinese.text(code).contains { han.contains(String($0)) }, code)
            XCTAssertFalse(english.text(code).isEmpty, code)
            XCTAssertFalse(english.text(code).contains { han.contains(String($0)) }, code)
        }
    }

    func testOtherChineseRegionsReadChineseAndEverybodyElseEnglish() {
        XCTAssertEqual(
            ErrorTexts(locale: Locale(identifier: "zh_TW")).text("qr.not-found"),
            chinese.text("qr.not-found")
        )
        XCTAssertEqual(ErrorTexts(locale: Locale(identifier: "fr")).text("qr.not-found"), english.text("qr.not-found"))
    }

    func testACodeOfALaterVersionIsNamed() {
        XCTAssertTrue(english.text("later.code").contains("later.code"))
    }
}
