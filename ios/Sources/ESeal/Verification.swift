internal import ESealGenerated
import Foundation

// The library says each finding in a word of its command line. A word that is not known here never counts in the document's
// favour: each type below names what is assumed then.

/// What was found in a document (验章).
public struct Verification: Sendable, Hashable {
    /// Of the document as a whole.
    public let verdict: Verdict
    /// Every signature, in the order of the file.
    public let signatures: [SignatureFinding]
    /// The integrity manifest of an OFD package (GM/T 0099-2020): a signature over the names of its files, not over what is in
    /// them.
    public let manifest: SignatureFinding?
    /// What was found about the file as a whole.
    public let checks: [CheckFinding]

    init(_ found: DocumentVerification) {
        verdict = Verdict(found.verdict)
        signatures = found.signatures.map(SignatureFinding.init)
        manifest = found.manifest.map(SignatureFinding.init)
        checks = found.checks.map(CheckFinding.init)
    }
}

/// Whether a document or a signature holds.
public enum Verdict: String, Sendable, Hashable {
    /// It does.
    case valid
    /// It does not.
    case invalid
    /// That cannot be said: there is no signature, or no trust in who signed.
    case indeterminate

    init(_ word: String) { self = Verdict(rawValue: word) ?? .indeterminate }
}

/// Whether the signed bytes are those that were signed.
public enum Integrity: String, Sendable, Hashable {
    /// They are.
    case intact
    /// Nothing is wrong, but it cannot be shown here: an algorithm or a format that is not read.
    case unknown
    /// They are not, or something that should show it cannot be read.
    case broken

    init(_ word: String) { self = Integrity(rawValue: word) ?? .unknown }
}

/// How much of the file a signature covers.
public enum Coverage: String, Sendable, Hashable {
    /// All of it.
    case whole
    /// All that was there when it was made.
    case revision
    /// Less than that.
    case partial

    init(_ word: String) { self = Coverage(rawValue: word) ?? .partial }
}

/// What was changed since a signature was made.
public enum Changes: String, Sendable, Hashable {
    /// Nothing.
    case none
    /// Only what may be changed, such as a further signature.
    case permitted
    /// What may not be changed.
    case forbidden

    init(_ word: String) { self = Changes(rawValue: word) ?? .forbidden }
}

/// Whether the signer's certificate is believed.
public enum Trust: String, Sendable, Hashable {
    /// It leads to a pinned root.
    case trusted
    /// It does not.
    case untrusted
    /// It was taken back.
    case revoked
    /// It was over when it signed.
    case expired
    /// That cannot be said.
    case unknown

    init(_ word: String) { self = Trust(rawValue: word) ?? .unknown }
}

/// What was found about one signature.
public struct SignatureFinding: Sendable, Hashable {
    /// The name of its field.
    public let field: String
    /// Common name in the signer's certificate.
    public let signer: String?
    /// When.
    public let time: Date?
    /// Who says so.
    public let timeSource: TimeSource?
    /// What it brings with it to be believed later, where its profile has levels.
    public let level: SignatureLevel?
    /// Whether the signed bytes are those that were signed.
    public let integrity: Integrity
    /// How much of the file it covers.
    public let coverage: Coverage
    /// What was changed since.
    public let changes: Changes
    /// Whether the signer's certificate is believed.
    public let trust: Trust
    /// Whether it holds.
    public let verdict: Verdict
    /// The seal that it names.
    public let seal: SealFinding
    /// Each single check.
    public let checks: [CheckFinding]

    fileprivate init(_ found: ESealGenerated.SignatureFinding) {
        field = found.field
        signer = found.signer
        time = found.time.map(Date.init(unixSeconds:))
        timeSource = found.timeSource.map(TimeSource.init)
        level = found.level.map(SignatureLevel.init)
        integrity = Integrity(found.integrity)
        coverage = Coverage(found.coverage)
        changes = Changes(found.changes)
        trust = Trust(found.trust)
        verdict = Verdict(found.verdict)
        seal = SealFinding(found.seal)
        checks = found.checks.map(CheckFinding.init)
    }
}

/// Who says when a signature was made.
public enum TimeSource: Sendable, Hashable, CaseIterable {
    /// The signer alone.
    case claimed
    /// A trusted authority, by a timestamp on the signature.
    case timestamp
    /// A trusted authority, by a timestamp on the document.
    case documentTimestamp

    fileprivate init(_ source: ESealGenerated.TimeSource) {
        self =
            switch source {
            case .claimed: .claimed
            case .timestamp: .timestamp
            case .documentTimestamp: .documentTimestamp
            }
    }
}

/// The seal that a signature names.
public enum SealFinding: Sendable, Hashable {
    /// It names none.
    case none
    /// The seal maker's record holds, and names the certificate that signed.
    case genuine(sealID: String, ownerName: String)
    /// There is a record, and it does not hold or is not for this signature; the detail is for developers.
    case notGenuine(detail: String)

    fileprivate init(_ found: ESealGenerated.SealFinding) {
        self =
            switch found {
            case .none: .none
            case .genuine(let sealID, let ownerName): .genuine(sealID: sealID, ownerName: ownerName)
            case .notGenuine(let detail): .notGenuine(detail: detail)
            }
    }
}

/// What a check is about, in the order in which the standards verify.
public enum Topic: String, Sendable, Hashable, CaseIterable {
    /// How the signature is packed and described.
    case form
    /// Whether it is the signer's, over this content.
    case content
    /// What it covers, and what became of the file after it.
    case changes
    /// The electronic seal: its maker, its validity, whose it is, where it is seen.
    case seal
    /// The signer's certificate.
    case signer
    /// When it was made.
    case time
    /// Which baseline level it reaches.
    case level

    init(_ word: String) { self = Topic(rawValue: word) ?? .form }
}

/// One check and its outcome.
public struct CheckFinding: Sendable, Hashable {
    /// How a check came out.
    public enum Outcome: String, Sendable, Hashable {
        /// It holds.
        case pass
        /// It does not hold.
        case fail
        /// It holds, but not as it should.
        case warn
        /// It could not be made.
        case notChecked = "not-checked"

        fileprivate init(_ word: String) { self = Outcome(rawValue: word) ?? .notChecked }
    }

    /// Stable and dotted; `ReportTexts` has its name.
    public let code: String
    /// What it is about.
    public let topic: Topic
    /// Standard and clause that ask for it; empty where none does.
    public let clause: String
    /// How it came out.
    public let outcome: Outcome
    /// For developers.
    public let detail: String

    fileprivate init(_ found: ESealGenerated.CheckFinding) {
        code = found.code
        topic = Topic(found.topic)
        clause = found.clause
        outcome = Outcome(found.verdict)
        detail = found.detail
    }
}
