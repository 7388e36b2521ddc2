import XCTest

@testable import ESeal

/// The manifest is shipped, can be read, and says for each entry what Apple asks for.
final class PrivacyManifestTests: XCTestCase {
    private struct Manifest: Decodable {
        struct Collected: Decodable {
            let NSPrivacyCollectedDataType: String
            let NSPrivacyCollectedDataTypeLinked: Bool
            let NSPrivacyCollectedDataTypeTracking: Bool
            let NSPrivacyCollectedDataTypePurposes: [String]
        }
        struct Accessed: Decodable {
            let NSPrivacyAccessedAPIType: String
            let NSPrivacyAccessedAPITypeReasons: [String]
        }
        let NSPrivacyTracking: Bool
        let NSPrivacyTrackingDomains: [String]
        let NSPrivacyCollectedDataTypes: [Collected]
        let NSPrivacyAccessedAPITypes: [Accessed]
    }

    func testTheManifestIsShippedAndComplete() throws {
        let url = try XCTUnwrap(TextTable.bundle.url(forResource: "PrivacyInfo", withExtension: "xcprivacy"))
        let manifest = try PropertyListDecoder().decode(Manifest.self, from: Data(contentsOf: url))
        XCTAssertFalse(manifest.NSPrivacyTracking)
        XCTAssertEqual(manifest.NSPrivacyTrackingDomains, [])
        for collected in manifest.NSPrivacyCollectedDataTypes {
            XCTAssertTrue(collected.NSPrivacyCollectedDataType.hasPrefix("NSPrivacyCollectedDataType"))
            XCTAssertTrue(collected.NSPrivacyCollectedDataTypeLinked, "all of it goes with the account")
            XCTAssertFalse(collected.NSPrivacyCollectedDataTypeTracking)
            XCTAssertEqual(
                collected.NSPrivacyCollectedDataTypePurposes,
                ["NSPrivacyCollectedDataTypePurposeAppFunctionality"]
            )
        }
        let types = manifest.NSPrivacyCollectedDataTypes.map(\.NSPrivacyCollectedDataType)
        XCTAssertEqual(Set(types).count, types.count)
        XCTAssertEqual(
            manifest.NSPrivacyAccessedAPITypes.map(\.NSPrivacyAccessedAPIType),
            ["NSPrivacyAccessedAPICategoryFileTimestamp"]
        )
        XCTAssertFalse(manifest.NSPrivacyAccessedAPITypes.contains { $0.NSPrivacyAccessedAPITypeReasons.isEmpty })
    }
}
