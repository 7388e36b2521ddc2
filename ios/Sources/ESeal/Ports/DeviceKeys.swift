import Foundation

/// The phone's hardware keys, brought by the app.
///
/// At most one P-256 key for each ``KeyPurpose``, made in hardware and never exported. A key signs for the purpose that it was
/// made for and for no other. Calls come from the library's threads, several at once. When the call behind them is cancelled,
/// the task that runs a method here is cancelled too: a prompt can then be taken down.
public protocol DeviceKeys: Sendable {
    /// Makes a new key, in place of an earlier one for the same purpose.
    ///
    /// - Parameters:
    ///   - purpose: What the key will be for.
    ///   - challenge: What an attestation of the key has to name, where the hardware makes one.
    /// - Returns: The key, with its attestation.
    /// - Throws: ``DeviceKeyError``.
    func generate(_ purpose: KeyPurpose, challenge: Data) async throws(DeviceKeyError) -> DeviceKey

    /// The key for a purpose, or nothing where there is none.
    func key(for purpose: KeyPurpose) async throws(DeviceKeyError) -> DeviceKey?

    /// Signs with ECDSA over the SHA-256 of the bytes (FIPS 186-5), asking for the user's presence as the purpose demands.
    ///
    /// - Parameters:
    ///   - bytes: What is signed; not a digest.
    ///   - purpose: Which key.
    ///   - prompt: What the user is told meanwhile.
    /// - Returns: The signature, DER `ECDSA-Sig-Value` (RFC 3279, 2.2.3).
    /// - Throws: ``DeviceKeyError``.
    func sign(_ bytes: Data, for purpose: KeyPurpose, prompt: KeyPrompt) async throws(DeviceKeyError) -> Data

    /// Destroys the key for a purpose; that there is none is no error.
    func delete(_ purpose: KeyPurpose) async throws(DeviceKeyError)
}

/// What one hardware key is for.
public enum KeyPurpose: String, Sendable, Hashable, CaseIterable {
    /// Signs requests to the platform: no prompt, phone unlocked.
    case request
    /// Signs consents: the user's presence at each use.
    case consent
    /// Signs documents and seals: the user's presence at each use, or once for a batch of documents.
    case sealing
}

/// Where a private key is. It is stated to the platform, whose policy depends on it.
public enum KeyProtection: Sendable, Hashable {
    /// Apple's separate secure processor.
    case secureEnclave
    /// Memory. Only a test says this.
    case softwareForHarness
}

/// When the user's presence is asked for before a key signs.
public enum UserPresence: Sendable, Hashable {
    /// Never: the phone being unlocked is enough. Only a request key may be so.
    case notAsked
    /// Before each signature.
    case eachUse
    /// Once, and then not again as long as the window lasts: a reused authentication context. Only a sealing key may be so,
    /// with 1 to 30 seconds; others are refused (`custody.bad-presence`).
    case window(seconds: UInt16)
}

/// A key that the app holds.
public struct DeviceKey: Sendable, Hashable {
    /// The public half: DER `SubjectPublicKeyInfo` of a P-256 key (RFC 5480).
    public let publicKey: Data
    /// Where the private half is.
    public let protection: KeyProtection
    /// When the user's presence is asked for.
    public let presence: UserPresence
    /// What the hardware states about the key, DER certificates, the key's own first; empty where it states nothing.
    public let attestation: [Data]

    /// A key with its public half, DER `SubjectPublicKeyInfo`.
    public init(publicKey: Data, protection: KeyProtection, presence: UserPresence, attestation: [Data] = []) {
        self.publicKey = publicKey
        self.protection = protection
        self.presence = presence
        self.attestation = attestation
    }
}

/// Why ``DeviceKeys`` does not do what it is asked. Each has a code of its own, `device-key.…`.
public enum DeviceKeyError: Error, Sendable, Hashable {
    /// The user dismissed the prompt.
    case userCancelled
    /// Too many failed tries.
    case lockedOut
    /// The key died, as it must when biometrics are enrolled anew.
    case invalidated
    /// There is no key for this purpose.
    case notEnrolled
    /// The hardware cannot be used.
    case hardwareUnavailable
    /// The key at this place was made for another purpose.
    case wrongPurpose
    /// Anything else; the detail is for developers, without personal data and secrets.
    case unexpected(detail: String)
}
