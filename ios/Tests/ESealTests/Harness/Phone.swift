import ESeal
import Foundation

/// The platform that all tests talk to. It ends with the test process, whose end it sees.
enum World {
    private static let started = Result { try RealPlatform() }

    static func platform() throws -> RealPlatform { try started.get() }
}

/// A phone with an app on it.
struct Phone: Sendable {
    let platform: RealPlatform
    let account: RealPlatform.Account
    let client: ESealClient
    let keys: SoftwareKeys
    let store: MemoryStore
    /// The keys that the client was given, where a test steers them.
    let steered: SteeredKeys

    init(
        steering purpose: KeyPurpose = .consent,
        sealing presence: UserPresence = .eachUse,
        account index: Int = 0
    ) throws {
        platform = try World.platform()
        account = platform.account(index)
        keys = try SoftwareKeys(sealing: presence)
        store = MemoryStore()
        steered = SteeredKeys(keys, steering: purpose)
        client = try ESealClient(pins: platform.pins, keys: steered, store: store)
    }

    /// Enrols the phone for its account.
    @discardableResult
    func enrol(steps: FlowSteps? = nil) async throws -> Enrolment {
        try await client.enrol(account: account.account, password: Data(account.password.utf8), steps: steps)
    }

    /// The seal is asked for on the portal, and the phone reads the code that the portal shows.
    func scanPortal() async throws -> String {
        let portal = try await Portal(platform, account)
        let claim = try await portal.take()
        let codes = try await CodeScanner().scan(portal.photographCode(of: claim)).read
        guard let code = codes.first, codes.count == 1, client.judgeScanned(code.text) == .ours else {
            throw Screen.NotACode()
        }
        return code.text
    }

    /// The whole way to a seal, with every yes given.
    func makeSeal() async throws -> Seal {
        let claim = try await client.claimHandwritten(try Drawing.face())
        _ = try await client.openConsent(try await scanPortal(), language: .english).approve()
        return try await client.awaitSeal(claim)
    }
}

/// A recorded signature.
enum Drawing {
    /// The record as `eseal ink render` reads it.
    static func json() throws -> String {
        try String(contentsOf: Environment.fixture("ink/zhou-zihan.json"), encoding: .utf8)
    }

    static func face() throws -> SealFace {
        try SignaturePad(json: json()).face()
    }
}
