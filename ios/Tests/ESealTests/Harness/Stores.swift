import ESeal
import Foundation

/// A store in memory.
actor MemoryStore: SealedStore {
    private(set) var values: [String: Data] = [:]

    func read(_ name: String) async throws(SealedStoreError) -> Data? {
        values[name]
    }

    func write(_ value: Data, as name: String) async throws(SealedStoreError) {
        values[name] = value
    }

    func delete(_ name: String) async throws(SealedStoreError) {
        values[name] = nil
    }

    /// Changes one byte of every value.
    func damage() {
        for name in values.keys {
            values[name]?[0] ^= 1
        }
    }
}

/// A store that fails.
struct FailingStore: SealedStore {
    let error: SealedStoreError

    func read(_ name: String) async throws(SealedStoreError) -> Data? { throw error }
    func write(_ value: Data, as name: String) async throws(SealedStoreError) { throw error }
    func delete(_ name: String) async throws(SealedStoreError) { throw error }
}
