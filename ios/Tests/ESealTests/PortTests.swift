import ESeal
import XCTest

/// What the app's own ports refuse arrives as what it is.
final class PortTests: XCTestCase {
    func testEachRefusalOfTheKeysHasItsCode() async throws {
        let phone = try Phone(steering: .consent)
        let refusals: [(DeviceKeyError, String, Bool)] = [
            (.userCancelled, "device-key.user-cancelled", true),
            (.lockedOut, "device-key.locked-out", true),
            (.invalidated, "device-key.invalidated", false),
            (.notEnrolled, "device-key.not-enrolled", false),
            (.hardwareUnavailable, "device-key.hardware-unavailable", false),
            (.wrongPurpose, "device-key.wrong-purpose", false),
            (.unexpected(detail: "status -25308"), "device-key.unexpected", false),
        ]
        for (error, code, retryable) in refusals {
            await phone.steered.next(.fail(error))
            let refused = try await refusal(try await phone.enrol())
            XCTAssertEqual(refused.code, code)
            XCTAssertEqual(refused.retryable, retryable, code)
            if case .unexpected(let detail) = error {
                XCTAssertTrue(refused.detail.contains(detail), refused.detail)
            }
            let state = try await refusal(try await phone.client.enrolment())
            XCTAssertEqual(state.code, "sdk.not-enrolled", "half enrolled after \(code)")
        }
        try await phone.enrol()
    }

    func testASignatureOfOtherBytesIsNotSent() async throws {
        let phone = try Phone(steering: .consent)
        await phone.steered.next(.signOtherBytes)
        let refused = try await refusal(try await phone.enrol())
        XCTAssertEqual(refused.code, "custody.bad-signature")
    }

    func testAnAnswerThatTheUserDismissedCanBeGivenAgain() async throws {
        let phone = try Phone(steering: .consent)
        try await phone.enrol()
        let claim = try await phone.client.claimHandwritten(try Drawing.face())
        let consent = try await phone.client.openConsent(try await phone.scanPortal(), language: .english)
        await phone.steered.next(.fail(.userCancelled))
        let steps = FlowSteps()
        let dismissed = try await refusal(try await consent.approve(steps: steps))
        XCTAssertEqual(dismissed.code, "device-key.user-cancelled")
        let told = await heard(steps)
        XCTAssertEqual(told, [.awaitingUser])
        _ = try await consent.approve()
        let seal = try await phone.client.awaitSeal(claim)
        XCTAssertEqual(seal.id, claim.sealID)
    }

    func testEachRefusalOfTheStoreHasItsCode() async throws {
        let refusals: [(SealedStoreError, String, Bool)] = [
            (.locked, "store.locked", true),
            (.full, "store.full", false),
            (.damaged, "store.damaged", false),
            (.unexpected(detail: "status -34018"), "store.unexpected", false),
        ]
        for (error, code, retryable) in refusals {
            let store = FailingStore(error: error)
            let client = try ESealClient(pins: World.platform().pins, keys: SoftwareKeys(), store: store)
            let refused = try await refusal(try await client.enrolment())
            XCTAssertEqual(refused.code, code)
            XCTAssertEqual(refused.retryable, retryable, code)
            if case .unexpected(let detail) = error {
                XCTAssertTrue(refused.detail.contains(detail), refused.detail)
            }
        }
    }

    func testTheKeysAreAskedToAttestForOneFreshChallenge() async throws {
        let phone = try Phone()
        try await phone.enrol()
        try await phone.enrol()
        let challenges = await phone.keys.challenges
        XCTAssertEqual(challenges.count, 6)
        XCTAssertEqual(Set(challenges).count, 2, "one for each enrolment")
        XCTAssertTrue(challenges.allSatisfy { $0.count >= 16 })
    }

    func testAClientThatIsGoneLetsGoOfItsPorts() async throws {
        weak var keys: SoftwareKeys?
        weak var store: MemoryStore?
        try await {
            let phone = try Phone()
            (keys, store) = (phone.keys, phone.store)
            try await phone.enrol()
            _ = try await phone.client.claimHandwritten(try Drawing.face())
        }()
        XCTAssertNil(keys)
        XCTAssertNil(store)
    }

    func testTheSystemsClocksRunForward() {
        let clocks = SystemClocks()
        let first = clocks.monotonicMilliseconds()
        XCTAssertGreaterThan(first, 0)
        XCTAssertGreaterThanOrEqual(clocks.monotonicMilliseconds(), first)
        XCTAssertEqual(clocks.now().timeIntervalSinceNow, 0, accuracy: 60)
    }

    func testAClockBeforeAllCertificatesIsNotBelieved() async throws {
        struct Stopped: Clocks {
            let date: Date
            func monotonicMilliseconds() -> UInt64 { 1 }
            func now() -> Date { date }
        }
        let phone = try Phone()
        try await phone.enrol()
        let seal = try await phone.makeSeal()
        let folder = try Folder()
        let output = folder.url.appendingPathComponent("sealed.pdf")
        let place = StampPlace.onPage(1, xMM: 20, yMM: 20, widthMM: 45, heightMM: 22)
        let contract = try Environment.fixture("contract/contract.pdf")
        _ = try await phone.client.stamp(StampOrder(input: contract, output: output, sealID: seal.id, places: [place]))
        for date in [
            Date(timeIntervalSince1970: -1), Date(timeIntervalSince1970: 0), Date(timeIntervalSince1970: .nan),
        ] {
            let early = try ESealClient(
                pins: phone.platform.pins,
                keys: phone.keys,
                store: phone.store,
                clocks: Stopped(date: date)
            )
            let found = try await early.verify(output)
            XCTAssertNotEqual(found.verdict, .valid, "\(date.timeIntervalSince1970)")
            XCTAssertEqual(found.signatures.first?.integrity, .intact)
        }
    }
}
