import ESeal
import XCTest

/// What is refused, by whom, and what the app is told.
final class RefusalTests: XCTestCase {
    func testAWrongPasswordIsToldByItsCodeAndInBothLanguages() async throws {
        let phone = try Phone(account: 1)
        let steps = FlowSteps()
        let password = Data("not the password".utf8)
        let wrong = try await refusal(
            try await phone.client.enrol(account: phone.account.account, password: password, steps: steps)
        )
        XCTAssertEqual(wrong.code, "auth.bad-credentials")
        XCTAssertFalse(wrong.retryable)
        XCTAssertNil(wrong.retryAfter)
        XCTAssertFalse(try XCTUnwrap(wrong.traceID).isEmpty)
        XCTAssertFalse(wrong.detail.isEmpty)
        XCTAssertEqual(wrong.errorDescription, ErrorTexts().text(wrong.code))
        XCTAssertEqual(wrong.localizedDescription, ErrorTexts().text(wrong.code))
        let told = await heard(steps)
        XCTAssertEqual(told, [], "no key was made")
        try await phone.enrol()
    }

    func testGuessingIsSlowedDownAndTheAppIsToldForHowLong() async throws {
        let client = try Phone().client
        var codes: [String] = []
        var pause: TimeInterval?
        for _ in 0..<6 {
            let refused = try await refusal(try await client.enrol(account: "nobody", password: Data("guess".utf8)))
            codes.append(refused.code)
            pause = refused.retryAfter
        }
        XCTAssertEqual(codes, Array(repeating: "auth.bad-credentials", count: 5) + ["auth.too-many-tries"])
        XCTAssertTrue((0...60).contains(try XCTUnwrap(pause)), "\(String(describing: pause)) s")
    }

    func testAPasswordThatIsNoTextIsTheAppsMistake() async throws {
        let refused = try await refusal(try await Phone().client.enrol(account: "jiang", password: Data([0xFF, 0xFE])))
        XCTAssertEqual(refused.code, "sdk.bad-argument")
    }

    func testNothingGoesBeforeTheEnrolment() async throws {
        let phone = try Phone()
        let client = phone.client
        let face = try Drawing.face()
        let codes = [
            try await refusal(try await client.enrolment()).code,
            try await refusal(try await client.seals()).code,
            try await refusal(try await client.usageRecords()).code,
            try await refusal(try await client.claimHandwritten(face)).code,
        ]
        XCTAssertEqual(codes, Array(repeating: "sdk.not-enrolled", count: 4))
    }

    func testAForeignCodeIsNotOurs() async throws {
        let phone = try Phone()
        try await phone.enrol()
        let foreign = [
            "https://example.com/",
            "EVIL.EXAMPLE.COM/C/1/0.0.0",
            "weixin://wxpay/bizpayurl?pr=abc",
            "",
            String(repeating: "A", count: 10_000),
        ]
        for text in foreign {
            let steps = FlowSteps()
            let refused = try await refusal(try await phone.client.openConsent(text, steps: steps))
            XCTAssertTrue(
                ["consent.not-ours", "consent.damaged-code"].contains(refused.code),
                "\(refused.code) for \(text.prefix(40))"
            )
            let told = await heard(steps)
            XCTAssertEqual(told, [], "nobody was asked")
        }
        let first = try await refusal(try await phone.client.openConsent(foreign[0]))
        XCTAssertEqual(first.code, "consent.not-ours")
    }

    func testACodeIsForOnePersonAndOnePhone() async throws {
        let phone = try Phone()
        try await phone.enrol()
        let stranger = try Phone(account: 1)
        try await stranger.enrol()
        _ = try await phone.client.claimHandwritten(try Drawing.face())
        let scanned = try await phone.scanPortal()
        let notForHim = try await refusal(try await stranger.client.openConsent(scanned))
        XCTAssertEqual(notForHim.code, "consent.not-for-you")
        _ = try await phone.client.openConsent(scanned)

        let second = try Phone()
        try await second.enrol()
        let elsewhere = try await refusal(try await second.client.openConsent(scanned))
        XCTAssertEqual(elsewhere.code, "consent.answered-elsewhere")
    }

    func testPinsDecideWhoIsThePlatform() async throws {
        let phone = try Phone()
        var pins = phone.platform.pins
        swap(&pins.tlsRootsPEM, &pins.platformRootsPEM)
        let impostor = try ESealClient(pins: pins, keys: phone.keys, store: phone.store)
        let refused = try await refusal(try await impostor.enrol(account: "jiang", password: Data("x".utf8)))
        XCTAssertEqual(refused.code, "network.not-the-platform")
        XCTAssertNil(refused.traceID)
    }

    func testAPlatformThatIsNotThereIsOffline() async throws {
        let gone = try RealPlatform()
        let pins = gone.pins
        gone.stop()
        let client = try ESealClient(pins: pins, keys: try SoftwareKeys(), store: MemoryStore())
        let refused = try await refusal(try await client.enrol(account: "jiang", password: Data("x".utf8)))
        XCTAssertEqual(refused.code, "network.offline")
        XCTAssertTrue(refused.retryable)
    }

    func testPinsThatCannotBeAreRefusedAtOnce() throws {
        let pins = try World.platform().pins
        let wrong: [(String, (inout PlatformPins) throws -> Void)] = [
            ("sdk.misconfigured", { $0.baseURL = try XCTUnwrap(URL(string: "http://127.0.0.1:1")) }),
            ("sdk.misconfigured", { $0.baseURL = try XCTUnwrap(URL(string: "https://127.0.0.1:1/path")) }),
            ("sdk.misconfigured", { $0.tlsRootsPEM = "" }),
            ("sdk.misconfigured", { $0.platformRootsPEM = "" }),
            (
                "cert.malformed",
                { $0.platformRootsPEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }
            ),
        ]
        for (code, spoil) in wrong {
            var pins = pins
            try spoil(&pins)
            let client = { try ESealClient(pins: pins, keys: SoftwareKeys(), store: MemoryStore()) }
            XCTAssertThrowsError(try client(), code) { XCTAssertEqual(($0 as? ESealError)?.code, code) }
        }
    }
}
