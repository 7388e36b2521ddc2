import ESeal
import Foundation

/// P-256 keys in files, made and used by the `openssl` program: for tests, and nothing else.
actor SoftwareKeys: DeviceKeys {
    private static let openssl = "/usr/bin/openssl"

    private let folder: Folder
    private var publicHalves: [KeyPurpose: DeviceKey] = [:]
    private(set) var prompts: [KeyPrompt] = []
    private(set) var challenges: [Data] = []

    private let sealing: UserPresence

    init(sealing: UserPresence = .eachUse) throws {
        folder = try Folder()
        self.sealing = sealing
    }

    func generate(_ purpose: KeyPurpose, challenge: Data) async throws(DeviceKeyError) -> DeviceKey {
        challenges.append(challenge)
        let options = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path(purpose)]
        _ = try call(["genpkey", "-quiet"] + options)
        publicHalves[purpose] = nil
        return try publicHalf(purpose)
    }

    func key(for purpose: KeyPurpose) async throws(DeviceKeyError) -> DeviceKey? {
        exists(purpose) ? try publicHalf(purpose) : nil
    }

    func sign(_ bytes: Data, for purpose: KeyPurpose, prompt: KeyPrompt) async throws(DeviceKeyError) -> Data {
        guard exists(purpose) else { throw .notEnrolled }
        prompts.append(prompt)
        return try call(["dgst", "-sha256", "-sign", path(purpose)], input: bytes)
    }

    func delete(_ purpose: KeyPurpose) async throws(DeviceKeyError) {
        try? FileManager.default.removeItem(atPath: path(purpose))
        publicHalves[purpose] = nil
    }

    private func publicHalf(_ purpose: KeyPurpose) throws(DeviceKeyError) -> DeviceKey {
        if let known = publicHalves[purpose] {
            return known
        }
        let der = try call(["pkey", "-in", path(purpose), "-pubout", "-outform", "DER"])
        let presence: UserPresence =
            switch purpose {
            case .request: .notAsked
            case .consent: .eachUse
            case .sealing: sealing
            }
        let key = DeviceKey(publicKey: der, protection: .softwareForHarness, presence: presence)
        publicHalves[purpose] = key
        return key
    }

    private func path(_ purpose: KeyPurpose) -> String {
        folder.url.appendingPathComponent("\(purpose.rawValue).pem").path
    }

    private func exists(_ purpose: KeyPurpose) -> Bool {
        FileManager.default.fileExists(atPath: path(purpose))
    }

    private func call(_ arguments: [String], input: Data = Data()) throws(DeviceKeyError) -> Data {
        do {
            return try Program.run(Self.openssl, arguments, input: input)
        } catch {
            throw .unexpected(detail: "\(error)")
        }
    }
}

/// Other keys, with one purpose's signature in the test's hands.
actor SteeredKeys: DeviceKeys {
    /// What happens instead of the next signature.
    enum Turn: Sendable {
        /// It fails.
        case fail(DeviceKeyError)
        /// It waits for a user who never comes, until the task is cancelled.
        case waitForEver
        /// It is a signature of other bytes.
        case signOtherBytes
    }

    private let keys: any DeviceKeys
    private let purpose: KeyPurpose
    private var turns: [Turn] = []
    private let asked = Event()
    private let promptIsDown = Event()

    init(_ keys: any DeviceKeys, steering purpose: KeyPurpose) {
        self.keys = keys
        self.purpose = purpose
    }

    func next(_ turns: Turn...) {
        self.turns = turns
    }

    /// Returns once the user is being waited for.
    func untilAsked() async {
        await asked.wait()
    }

    /// Returns once the user is no longer waited for.
    func untilPromptIsDown() async {
        await promptIsDown.wait()
    }

    func generate(_ purpose: KeyPurpose, challenge: Data) async throws(DeviceKeyError) -> DeviceKey {
        try await keys.generate(purpose, challenge: challenge)
    }

    func key(for purpose: KeyPurpose) async throws(DeviceKeyError) -> DeviceKey? {
        try await keys.key(for: purpose)
    }

    func sign(_ bytes: Data, for purpose: KeyPurpose, prompt: KeyPrompt) async throws(DeviceKeyError) -> Data {
        guard purpose == self.purpose, !turns.isEmpty else {
            return try await keys.sign(bytes, for: purpose, prompt: prompt)
        }
        switch turns.removeFirst() {
        case .fail(let error):
            throw error
        case .signOtherBytes:
            return try await keys.sign(bytes + Data([0]), for: purpose, prompt: prompt)
        case .waitForEver:
            await asked.happen()
            while !Task.isCancelled {
                try? await Task.sleep(nanoseconds: 60_000_000_000)
            }
            await promptIsDown.happen()
            throw .userCancelled
        }
    }

    func delete(_ purpose: KeyPurpose) async throws(DeviceKeyError) {
        try await keys.delete(purpose)
    }
}

/// Something that happens once.
private actor Event {
    private var hasHappened = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func happen() {
        hasHappened = true
        waiting.forEach { $0.resume() }
        waiting = []
    }

    func wait() async {
        if !hasHappened {
            await withCheckedContinuation { waiting.append($0) }
        }
    }
}
