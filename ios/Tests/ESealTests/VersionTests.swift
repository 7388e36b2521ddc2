import ESeal
import XCTest

final class VersionTests: XCTestCase {
    func testLibraryAndPackageAreOfOneVersion() throws {
        XCTAssertEqual(ESealLibrary.version, try Environment.version())
    }
}
