import ESeal
import XCTest

/// DESIGN's five steps over the real library and the real platform.
final class MainJobTests: XCTestCase {
    private let place = StampPlace.onPage(4, xMM: 112, yMM: 128, widthMM: 45, heightMM: 22)

    func testEnrolDrawClaimConsentStampVerify() async throws {
        let phone = try Phone()
        let folder = try Folder()

        // Enrol.
        let enrolling = FlowSteps()
        let enrolment = try await phone.enrol(steps: enrolling)
        XCTAssertEqual(enrolment.personName, phone.account.name)
        let steps = await heard(enrolling)
        XCTAssertEqual(steps, [.makingKeys, .provingKeys, .storingIdentity, .done])
        let known = try await phone.client.enrolment()
        XCTAssertEqual(known, enrolment)

        // Draw and claim.
        let face = try Drawing.face()
        let claim = try await phone.client.claimHandwritten(face)
        let scanned = try await phone.scanPortal()
        let consent = try await phone.client.openConsent(scanned, language: .chinese)
        XCTAssertTrue(consent.review.lines.contains { $0.contains(phone.account.name) }, "\(consent.review)")
        XCTAssertEqual(consent.review.documents.map(\.mediaType), ["image/svg+xml"])
        XCTAssertEqual(consent.review.documents.first?.bytes, Data(face.svg.utf8))
        let early = try await refusal(try await consent.evidence())
        XCTAssertEqual(early.code, "consent.over")
        let receipt = try await consent.approve(noticed: [.debugger])
        XCTAssertEqual(receipt.jws.split(separator: ".").count, 3)
        let again = try await consent.approve()
        XCTAssertEqual(again, receipt)
        let otherwise = try await refusal(try await consent.decline())
        XCTAssertEqual(otherwise.code, "consent.over")
        let evidence = try JSONSerialization.jsonObject(with: try await consent.evidence())
        XCTAssertNotNil(evidence as? [String: Any])

        let seal = try await phone.client.awaitSeal(claim)
        XCTAssertEqual(seal.id, claim.sealID)
        XCTAssertEqual(seal.ownerName, phone.account.name)
        XCTAssertEqual(seal.state, .active)
        XCTAssertEqual(seal.faceSVG, face.svg)
        XCTAssertGreaterThan(seal.expiresAt, Date())
        let newest = try await phone.client.seals().first
        XCTAssertEqual(newest, seal)

        // Stamp.
        let input = try Environment.fixture("contract/contract.pdf")
        let output = folder.url.appendingPathComponent("合同 sealed.pdf")
        let order = StampOrder(
            input: input,
            output: output,
            documentName: "品牌影像与设计服务合同.pdf",
            sealID: seal.id,
            places: [place],
            level: .baselineT,
            reason: "签署合同"
        )
        let stamping = FlowSteps()
        let stamped = try await phone.client.stamp(order, steps: stamping)
        XCTAssertEqual(stamped.url, output)
        let told = await heard(stamping)
        XCTAssertEqual(
            told,
            [
                .readingDocument, .digestingDocument, .awaitingUser, .provingTime, .recordingUse, .writingDocument,
                .done,
            ]
        )
        let (before, after) = (try Data(contentsOf: input), try Data(contentsOf: output))
        XCTAssertGreaterThan(after.count, before.count)
        XCTAssertEqual(after.prefix(before.count), before, "the old bytes are the new file's beginning")
        let use = try await phone.client.usageRecords().first
        XCTAssertEqual(use?.id, stamped.usageID)
        XCTAssertEqual(use?.sealID, seal.id)
        XCTAssertEqual(use?.documentName, order.documentName)

        // Verify.
        let found = try await phone.client.verify(output)
        XCTAssertEqual(found.verdict, .valid, "\(found)")
        let signature = try XCTUnwrap(found.signatures.first)
        XCTAssertEqual(found.signatures.count, 1)
        XCTAssertEqual(signature.field, stamped.field)
        XCTAssertEqual(signature.signer, phone.account.name)
        XCTAssertEqual(signature.integrity, .intact)
        XCTAssertEqual(signature.coverage, .whole)
        XCTAssertEqual(signature.changes, .none)
        XCTAssertEqual(signature.trust, .trusted)
        XCTAssertEqual(signature.level, .baselineT)
        XCTAssertEqual(signature.timeSource, .timestamp)
        XCTAssertEqual(signature.seal, .genuine(sealID: seal.id, ownerName: phone.account.name))
        XCTAssertFalse(signature.checks.contains { $0.outcome == .fail }, "\(signature.checks)")
        let age = Date().timeIntervalSince(try XCTUnwrap(signature.time))
        XCTAssertTrue((-2...600).contains(age), "\(age)")
        try await assertChangesAreFound(in: after, phone: phone, folder: folder)
        await assertPromptsHaveTexts(phone)
    }

    /// A check that cannot fail shows nothing.
    private func assertChangesAreFound(in sealed: Data, phone: Phone, folder: Folder) async throws {
        var changed = sealed
        changed[11] ^= 1
        let file = folder.url.appendingPathComponent("changed.pdf")
        try changed.write(to: file)
        let found = try await phone.client.verify(file)
        XCTAssertEqual(found.verdict, .invalid)
        XCTAssertEqual(found.signatures.first?.integrity, .broken)
    }

    /// Every prompt that was shown has a text in both languages, with nothing left open.
    private func assertPromptsHaveTexts(_ phone: Phone) async {
        let prompts = await phone.keys.prompts
        let seen = Set(prompts.map(\.key))
        XCTAssertEqual(seen, ["prompt.request", "prompt.prove-possession", "prompt.approve", "prompt.seal"])
        for prompt in prompts {
            for locale in ["zh_CN", "en_GB"] {
                let text = prompt.text(locale: Locale(identifier: locale))
                XCTAssertFalse(text.isEmpty || text.contains("{") || text.contains("claim-"), "\(prompt.key): \(text)")
            }
        }
    }

    func testAnUnsealedDocumentIsIndeterminate() async throws {
        let found = try await Phone().client.verify(try Environment.fixture("contract/contract.pdf"))
        XCTAssertEqual(found.verdict, .indeterminate)
        XCTAssertEqual(found.signatures, [])
        XCTAssertEqual(found.checks.map(\.code), ["verify.no-signature"])
    }

    func testAnAppThatStartsAnewKnowsItsPhone() async throws {
        let phone = try Phone()
        let enrolment = try await phone.enrol()
        let restarted = try ESealClient(pins: phone.platform.pins, keys: phone.keys, store: phone.store)
        let known = try await restarted.enrolment()
        XCTAssertEqual(known, enrolment)
        _ = try await restarted.seals()
        await phone.store.damage()
        let damaged = try await refusal(try await restarted.enrolment())
        XCTAssertTrue(damaged.code.hasPrefix("envelope."), damaged.code)
    }

    func testADeclinedClaimEndsWithoutASeal() async throws {
        let phone = try Phone()
        try await phone.enrol()
        let claim = try await phone.client.claimHandwritten(try Drawing.face())
        let consent = try await phone.client.openConsent(try await phone.scanPortal(), language: .english)
        _ = try await consent.decline(noticed: Set(PhoneSignal.allCases))
        let withdrawn = try await refusal(try await phone.client.awaitSeal(claim))
        XCTAssertEqual(withdrawn.code, "claim.withdrawn")
        let prompts = await phone.keys.prompts.map(\.key)
        XCTAssertTrue(prompts.contains("prompt.decline"))
    }

    func testStampsThatCannotBeLeaveNothing() async throws {
        let phone = try Phone()
        try await phone.enrol()
        let seal = try await phone.makeSeal()
        let folder = try Folder()
        let output = folder.url.appendingPathComponent("out.pdf")
        let contract = try Environment.fixture("contract/contract.pdf")
        let strokes = try Environment.fixture("ink/zhou-zihan.json")
        let missing = folder.url.appendingPathComponent("missing.pdf")
        let web = try XCTUnwrap(URL(string: "https://example.com/contract.pdf"))
        let elsewhere = StampPlace.onPage(9, xMM: 112, yMM: 128, widthMM: 45, heightMM: 22)
        let nowhere = StampPlace.onPage(4, xMM: 112, yMM: 128, widthMM: 0, heightMM: 22)
        let unsaid = StampPlace.onText("没有这句话", widthMM: 45, heightMM: 22)
        let good = StampOrder(input: contract, output: output, sealID: seal.id, places: [place])
        let wrong: [(String, (inout StampOrder) -> Void)] = [
            ("seal.not-found", { $0.sealID = "seal-of-nobody" }),
            ("pdf.no-such-page", { $0.places = [elsewhere] }),
            ("pdf.empty-placement", { $0.places = [nowhere] }),
            ("pdf.keyword-not-found", { $0.places = [unsaid] }),
            ("pdf.not-a-pdf", { $0.input = strokes }),
            ("pdf.read-failed", { $0.input = missing }),
            ("sdk.bad-argument", { $0.input = web }),
            ("sdk.bad-argument", { $0.documentName = "a\u{202E}b" }),
        ]
        for (code, spoil) in wrong {
            var order = good
            spoil(&order)
            let steps = FlowSteps()
            let refused = try await refusal(try await phone.client.stamp(order, steps: steps))
            XCTAssertEqual(refused.code, code)
            let told = await heard(steps)
            XCTAssertFalse(told.contains(.done), code)
            XCTAssertFalse(FileManager.default.fileExists(atPath: output.path), code)
        }
        _ = try await phone.client.stamp(good)
        XCTAssertTrue(FileManager.default.fileExists(atPath: output.path))
    }
}
