internal import ESealGenerated
import Foundation

/// The app's keys as the library calls them.
final class KeysBridge: HostKeys {
    private let keys: any DeviceKeys

    init(_ keys: any DeviceKeys) {
        self.keys = keys
    }

    func generate(purpose: HostKeyPurpose, challenge: Data) async throws -> HostKey {
        do {
            return HostKey(try await keys.generate(KeyPurpose(purpose), challenge: challenge))
        } catch {
            throw HostKeyError(error)
        }
    }

    func key(purpose: HostKeyPurpose) async throws -> HostKey? {
        do {
            return try await keys.key(for: KeyPurpose(purpose)).map(HostKey.init)
        } catch {
            throw HostKeyError(error)
        }
    }

    func sign(purpose: HostKeyPurpose, bytes: Data, prompt: HostPrompt) async throws -> Data {
        do {
            return try await keys.sign(bytes, for: KeyPurpose(purpose), prompt: KeyPrompt(prompt))
        } catch {
            throw HostKeyError(error)
        }
    }

    func delete(purpose: HostKeyPurpose) async throws {
        do {
            try await keys.delete(KeyPurpose(purpose))
        } catch {
            throw HostKeyError(error)
        }
    }
}

/// The app's store as the library calls it.
final class StoreBridge: HostStore {
    private let store: any SealedStore

    init(_ store: any SealedStore) {
        self.store = store
    }

    func read(name: String) async throws -> Data? {
        do {
            return try await store.read(name)
        } catch {
            throw HostStoreError(error)
        }
    }

    func writeAtomic(name: String, bytes: Data) async throws {
        do {
            try await store.write(bytes, as: name)
        } catch {
            throw HostStoreError(error)
        }
    }

    func delete(name: String) async throws {
        do {
            try await store.delete(name)
        } catch {
            throw HostStoreError(error)
        }
    }
}

/// The app's clocks as the library reads them.
final class ClocksBridge: HostClock {
    private let clocks: any Clocks

    init(_ clocks: any Clocks) {
        self.clocks = clocks
    }

    func monotonicMs() throws -> UInt64 {
        clocks.monotonicMilliseconds()
    }

    func unixSeconds() throws -> UInt64 {
        guard let seconds = UInt64(exactly: clocks.now().timeIntervalSince1970.rounded(.down)) else {
            throw HostClockError.Failed
        }
        return seconds
    }
}

extension KeyPurpose {
    fileprivate init(_ purpose: HostKeyPurpose) {
        self =
            switch purpose {
            case .request: .request
            case .consent: .consent
            case .sealing: .sealing
            }
    }
}

extension KeyPrompt {
    fileprivate init(_ prompt: HostPrompt) {
        key = prompt.key
        values = Dictionary(prompt.params.map { ($0.name, $0.value) }) { first, _ in first }
    }
}

extension HostKey {
    fileprivate init(_ key: DeviceKey) {
        let protection: HostKeyProtection =
            switch key.protection {
            case .secureEnclave: .secureEnclave
            case .softwareForHarness: .softwareForHarness
            }
        let presence: HostUserPresence =
            switch key.presence {
            case .notAsked: .notAsked
            case .eachUse: .eachUse
            case .window(let seconds): .window(seconds: seconds)
            }
        self.init(publicKey: key.publicKey, protection: protection, presence: presence, attestation: key.attestation)
    }
}

extension HostKeyError {
    fileprivate init(_ error: DeviceKeyError) {
        self =
            switch error {
            case .userCancelled: .UserCancelled
            case .lockedOut: .LockedOut
            case .invalidated: .Invalidated
            case .notEnrolled: .NotEnrolled
            case .hardwareUnavailable: .HardwareUnavailable
            case .wrongPurpose: .WrongPurpose
            case .unexpected(let detail): .Unexpected(detail: detail)
            }
    }
}

extension HostStoreError {
    fileprivate init(_ error: SealedStoreError) {
        self =
            switch error {
            case .locked: .Locked
            case .full: .Full
            case .damaged: .Damaged
            case .unexpected(let detail): .Unexpected(detail: detail)
            }
    }
}
