import Foundation

/// A store for small secrets and state, sealed to this phone and this app, brought by the app.
///
/// Names are 1 to 64 of `a-z 0-9 . -`. Calls come from the library's threads, several at once.
public protocol SealedStore: Sendable {
    /// The value of that name, or nothing where there is none.
    func read(_ name: String) async throws(SealedStoreError) -> Data?

    /// Puts a value in place of an earlier one, at once: afterwards the old value is there or the new one, whole.
    func write(_ value: Data, as name: String) async throws(SealedStoreError)

    /// Removes a value; that there is none is no error.
    func delete(_ name: String) async throws(SealedStoreError)
}

/// Why ``SealedStore`` does not do what it is asked. Each has a code of its own, `store.…`.
public enum SealedStoreError: Error, Sendable, Hashable {
    /// The store cannot be opened while the phone is locked.
    case locked
    /// No room left.
    case full
    /// What is there cannot be unsealed any more.
    case damaged
    /// Anything else; the detail is for developers, without personal data and secrets.
    case unexpected(detail: String)
}
