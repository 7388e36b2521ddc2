import ESeal
import Foundation
import XCTest

/// What an app may print by mistake tells nothing of a person.
final class LogSafetyTests: XCTestCase {
    func testAnOrderPrintsNeitherNamesNorThePassword() {
        let secret = "南昌-s3cret"
        let order = StampOrder(
            input: URL(fileURLWithPath: "/\(secret)"),
            output: URL(fileURLWithPath: "/\(secret)"),
            documentName: secret,
            sealID: "s-1",
            places: [.onText(secret, widthMM: 1, heightMM: 1)],
            reason: secret,
            password: secret
        )
        var dumped = ""
        dump(order, to: &dumped)
        for text in ["\(order)", String(reflecting: order), dumped, "\([order])"] {
            XCTAssertFalse(text.contains(secret), text)
            XCTAssertTrue(text.contains("s-1"), text)
        }
    }
}
