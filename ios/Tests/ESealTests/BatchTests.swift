import ESeal
import XCTest

/// Many documents under one will of the person.
final class BatchTests: XCTestCase {
    /// A contract, a file that is no PDF, and the contract again.
    private func orders(_ seal: Seal, _ folder: Folder) throws -> [StampOrder] {
        let contract = try Environment.fixture("contract/contract.pdf")
        let text = folder.url.appendingPathComponent("text.pdf")
        try Data("no PDF".utf8).write(to: text)
        let place = StampPlace.onPage(4, xMM: 112, yMM: 128, widthMM: 45, heightMM: 22)
        var orders = [(contract, "a.pdf"), (text, "b.pdf"), (contract, "c.pdf")].map { input, name in
            StampOrder(input: input, output: folder.url.appendingPathComponent(name), sealID: seal.id, places: [place])
        }
        orders[2].places = [
            .onText("乙方", occurrence: -1, widthMM: 30, heightMM: 15),
            .acrossPages(.right, widthMM: 30, heightMM: 15),
        ]
        orders[2].profile = .compat
        return orders
    }

    private func told(_ outcomes: [StampOutcome]) -> [String] {
        outcomes.map { outcome in
            switch outcome {
            case .sealed(let document): document.field
            case .refused(let error): error.code
            }
        }
    }

    private func isThere(_ order: StampOrder) -> Bool {
        FileManager.default.fileExists(atPath: order.output.path)
    }

    func testAKeyWithAWindowIsUnlockedOnceForAllDocuments() async throws {
        let phone = try Phone(sealing: .window(seconds: 30))
        let folder = try Folder()
        try await phone.enrol()
        let orders = try orders(try await phone.makeSeal(), folder)
        let batch = try await phone.client.prepareBatch(orders)
        XCTAssertEqual([batch.documents, batch.prompts], [2, 1])
        XCTAssertEqual(batch.refusals.map { $0?.code }, [nil, "pdf.not-a-pdf", nil])

        let sealing = BatchSteps()
        let outcomes = try await batch.seal(steps: sealing)
        XCTAssertEqual(told(outcomes), ["ESeal1", "pdf.not-a-pdf", "ESeal1"])
        var done: [Int] = []
        for await step in sealing where step.step == .done {
            done.append(step.document)
        }
        XCTAssertEqual(done, [0, 2])
        for order in [orders[0], orders[2]] {
            let found = try await phone.client.verify(order.output)
            XCTAssertEqual(found.verdict, .valid)
        }
        XCTAssertFalse(isThere(orders[1]))
        let again = try await refusal(try await batch.seal())
        XCTAssertEqual(again.code, "batch.empty", "a batch is sealed once")
        let prompts = await phone.keys.prompts.filter { $0.key == "prompt.seal" }
        let text = prompts.first?.text(locale: Locale(identifier: "zh_CN")) ?? ""
        XCTAssertTrue(text.contains("2"), text)
    }

    func testAKeyWithoutAWindowAsksForEachDocumentAndANoIsANo() async throws {
        let phone = try Phone(steering: .sealing)
        let folder = try Folder()
        try await phone.enrol()
        let orders = try orders(try await phone.makeSeal(), folder)
        let batch = try await phone.client.prepareBatch(orders)
        XCTAssertEqual([batch.documents, batch.prompts], [2, 2])
        await phone.steered.next(.fail(.userCancelled))
        let outcomes = try await batch.seal()
        XCTAssertEqual(told(outcomes), ["device-key.user-cancelled", "pdf.not-a-pdf", "batch.not-asked"])
        XCTAssertFalse(orders.contains(where: isThere))
    }

    func testAWindowThatIsTooLongIsRefused() async throws {
        let phone = try Phone(sealing: .window(seconds: 31))
        let refused = try await refusal(try await phone.enrol())
        XCTAssertEqual(refused.code, "custody.bad-presence")
    }
}
