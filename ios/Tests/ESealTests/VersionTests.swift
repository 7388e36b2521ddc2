import XCTest

@testable import ESeal

final class VersionTests: XCTestCase {
    func testLibraryAndPackageAreOfOneVersion() throws {
        let expected = try XCTUnwrap(ProcessInfo.processInfo.environment["ESEAL_VERSION"])
        XCTAssertEqual(ESealLibrary.version, expected)
    }
}
