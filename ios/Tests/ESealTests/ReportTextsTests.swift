import XCTest

@testable import ESeal

final class ReportTextsTests: XCTestCase {
    private let chinese = ReportTexts(locale: Locale(identifier: "zh_CN"))
    private let english = ReportTexts(locale: Locale(identifier: "en_GB"))

    func testACheckIsCalledByItsNameAndOneOfALaterVersionByItsCode() {
        XCTAssertEqual(chinese.name(ofCheck: "cert.trust"), "证书链")
        XCTAssertEqual(english.name(ofCheck: "cert.trust"), "Certificate path")
        XCTAssertEqual(chinese.name(ofCheck: "later.code"), "later.code")
    }

    func testEveryTopicHasAName() {
        for topic in Topic.allCases {
            XCTAssertNotEqual(chinese.name(of: topic), topic.rawValue)
            XCTAssertNotEqual(english.name(of: topic), topic.rawValue)
        }
    }
}
