internal import ESealGenerated
import Foundation

/// What kind of seal.
public enum SealKind: Sendable, Hashable {
    /// A person's hand-drawn signature (个人手绘章).
    case handwritten
}

/// Where a seal stands.
public enum SealState: Sendable, Hashable {
    /// In use.
    case active
    /// A newer drawing took its place. What it sealed stays valid.
    case replaced
}

/// A seal whose record was verified.
public struct Seal: Sendable, Hashable, Identifiable {
    /// Which seal.
    public let id: String
    /// What kind.
    public let kind: SealKind
    /// Whose.
    public let ownerName: String
    /// Where it stands.
    public let state: SealState
    /// Its face as SVG; ``SealFace/init(svg:)`` takes it.
    public let faceSVG: String
    /// Width, mm.
    public let widthMM: Double
    /// Height, mm.
    public let heightMM: Double
    /// When it was made.
    public let madeAt: Date
    /// Until when it can be used.
    public let expiresAt: Date

    init(_ seal: SealSummary) {
        id = seal.sealId
        kind =
            switch seal.kind {
            case .handwritten: .handwritten
            }
        ownerName = seal.ownerName
        state =
            switch seal.standing {
            case .active: .active
            case .replaced: .replaced
            }
        faceSVG = seal.faceSvg
        widthMM = seal.widthMm
        heightMM = seal.heightMm
        madeAt = Date(unixSeconds: seal.madeAt)
        expiresAt = Date(unixSeconds: seal.expiresAt)
    }
}

/// A claim under way (申领).
public final class Claim: Sendable, Identifiable {
    let ticket: ClaimTicket

    init(_ ticket: ClaimTicket) {
        self.ticket = ticket
    }

    /// The claim's name.
    public var id: String { ticket.claimId() }
    /// The seal that will be made.
    public var sealID: String { ticket.sealId() }
}

/// One use of a seal, as the platform recorded it (留痕).
public struct UsageRecord: Sendable, Hashable, Identifiable {
    /// The record.
    public let id: String
    /// Which seal.
    public let sealID: String
    /// The document's name.
    public let documentName: String
    /// SHA-256 of the bytes that the signature covers, hexadecimal.
    public let documentSHA256: String
    /// When.
    public let recordedAt: Date

    init(_ record: UsageSummary) {
        id = record.usageId
        sealID = record.sealId
        documentName = record.documentName
        documentSHA256 = record.documentSha256
        recordedAt = Date(unixSeconds: record.recordedAt)
    }
}

extension Date {
    /// The library counts seconds since 1970.
    init(unixSeconds: UInt64) {
        self.init(timeIntervalSince1970: TimeInterval(unixSeconds))
    }
}
