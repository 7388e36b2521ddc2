import ESeal
import XCTest

import func ESealGenerated.uniffiForeignFutureHandleCountEseal

/// Cancelling a Swift task reaches the library and the app's ports, and leaves nothing half done.
final class CancellationTests: XCTestCase {
    func testATaskThatIsCancelledFirstCallsNobody() async throws {
        let phone = try Phone()
        let steps = FlowSteps()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await phone.enrol(steps: steps)
        }
        task.cancel()
        try await assertCancelled(task)
        let told = await heard(steps)
        XCTAssertEqual(told, [])
        let challenges = await phone.keys.challenges
        XCTAssertEqual(challenges, [], "no key was made")
    }

    func testWaitingForASealCanBeStoppedAndTakenUpAgain() async throws {
        let phone = try Phone()
        try await phone.enrol()
        let claim = try await phone.client.claimHandwritten(try Drawing.face())
        let steps = FlowSteps()
        let waiting = Task { try await phone.client.awaitSeal(claim, steps: steps) }
        for await step in steps where step == .awaitingConsent {
            waiting.cancel()
            break
        }
        try await assertCancelled(waiting)

        _ = try await phone.client.openConsent(try await phone.scanPortal(), language: .english).approve()
        let seal = try await phone.client.awaitSeal(claim)
        XCTAssertEqual(seal.id, claim.sealID)
    }

    func testCancellingTakesThePromptDownAndTheAnswerCanBeGivenAgain() async throws {
        let phone = try Phone(steering: .consent)
        try await phone.enrol()
        let claim = try await phone.client.claimHandwritten(try Drawing.face())
        let consent = try await phone.client.openConsent(try await phone.scanPortal(), language: .english)
        await phone.steered.next(.waitForEver)
        let answering = Task { try await consent.approve() }
        try await soon { await phone.steered.untilAsked() }
        answering.cancel()
        try await assertCancelled(answering)
        try await soon { await phone.steered.untilPromptIsDown() }

        _ = try await consent.approve()
        let seal = try await phone.client.awaitSeal(claim)
        XCTAssertEqual(seal.id, claim.sealID)
        XCTAssertEqual(uniffiForeignFutureHandleCountEseal(), 0, "calls into the ports that nobody ended")
    }

    func testACancelledStampLeavesNoFile() async throws {
        let phone = try Phone(steering: .sealing)
        try await phone.enrol()
        let seal = try await phone.makeSeal()
        let folder = try Folder()
        let order = StampOrder(
            input: try Environment.fixture("contract/contract-xref-stream.pdf"),
            output: folder.url.appendingPathComponent("sealed.pdf"),
            sealID: seal.id,
            places: [.onPage(-1, xMM: 112, yMM: 128, widthMM: 45, heightMM: 22)]
        )
        await phone.steered.next(.waitForEver)
        let stamping = Task { try await phone.client.stamp(order) }
        try await soon { await phone.steered.untilAsked() }
        stamping.cancel()
        try await assertCancelled(stamping)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.url.path), [])
        let records = try await phone.client.usageRecords().filter { $0.sealID == seal.id }
        XCTAssertEqual(records, [])

        _ = try await phone.client.stamp(order)
        let found = try await phone.client.verify(order.output)
        XCTAssertEqual(found.verdict, .valid)
    }

    func testOneOfManyCallsIsCancelledAndTheOthersGoOn() async throws {
        let phone = try Phone()
        try await phone.enrol()
        let claim = try await phone.client.claimHandwritten(try Drawing.face())
        let waiting = Task { try await phone.client.awaitSeal(claim) }
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { try await phone.client.seals().count }
            }
            waiting.cancel()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        XCTAssertEqual(Set(counts).count, 1)
        XCTAssertEqual(counts.count, 8)
        try await assertCancelled(waiting)
    }
}
