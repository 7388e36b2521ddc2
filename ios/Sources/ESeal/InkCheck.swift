internal import ESealGenerated
import Foundation

/// Which way a name runs.
public enum NameDirection: Sendable, Hashable, CaseIterable {
    /// To the right.
    case row
    /// Downwards.
    case column

    var generated: ESealGenerated.NameDirection {
        switch self {
        case .row: .row
        case .column: .column
        }
    }
}

/// What is known about a signature beside its ink. What is not known is not judged.
public struct SignatureContext: Sendable, Hashable {
    /// How many characters the name has.
    public var characters: Int?
    /// Size of the pad, mm.
    public var padMM: CGSize?
    /// Which way the name runs.
    public var direction: NameDirection
    /// ``SignaturePad/digest`` of signatures given before, of which this must be no replay.
    public var earlier: [Data]

    /// What is known; without arguments nothing.
    public init(
        characters: Int? = nil,
        padMM: CGSize? = nil,
        direction: NameDirection = .row,
        earlier: [Data] = []
    ) {
        self.characters = characters
        self.padMM = padMM
        self.direction = direction
        self.earlier = earlier
    }

    /// Two are equal when what they say is; `CGSize` has no hash of its own everywhere.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(characters)
        hasher.combine(padMM?.width)
        hasher.combine(padMM?.height)
        hasher.combine(direction)
        hasher.combine(earlier)
    }

    var generated: ESealGenerated.SignatureContext {
        ESealGenerated.SignatureContext(
            characters: characters.map { UInt32(clamping: $0) },
            padWidthMm: padMM.map { Double($0.width) },
            padHeightMm: padMM.map { Double($0.height) },
            direction: direction.generated,
            earlier: earlier
        )
    }
}

/// How a rule, or all of them, came out: the worst counts.
public enum InkVerdict: Sendable, Hashable {
    /// As it should be.
    case pass
    /// A person should look, or sign again; it can be used.
    case warn
    /// No signature.
    case reject

    fileprivate init(_ verdict: ESealGenerated.InkVerdict) {
        switch verdict {
        case .pass: self = .pass
        case .warn: self = .warn
        case .reject: self = .reject
        }
    }
}

/// One rule and what it found.
public struct InkFinding: Sendable, Hashable {
    /// The code of ink that breaks the rule; ``ErrorTexts`` has a text for it.
    public let code: String
    /// The value found: mm, ms, a number or a share, as the rule goes.
    public let value: Double
    /// The least that is wanted.
    public let least: Double?
    /// The most that is wanted; the value of `ink.replayed` must stay below it.
    public let most: Double?
    /// How it came out.
    public let verdict: InkVerdict
}

/// Every rule that could be judged, whether it holds or not.
public struct InkReport: Sendable, Hashable {
    /// The worst of all.
    public let verdict: InkVerdict
    /// Rejections' rules first.
    public let findings: [InkFinding]

    init(_ report: ESealGenerated.InkReport) {
        verdict = InkVerdict(report.verdict)
        findings = report.findings.map {
            InkFinding(
                code: $0.code,
                value: $0.value,
                least: $0.least,
                most: $0.most,
                verdict: InkVerdict($0.verdict)
            )
        }
    }
}
