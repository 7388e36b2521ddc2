internal import ESealGenerated
import Foundation

/// Where a seal goes. Sizes are those of the box which the whole face is fitted in, mm.
public enum StampPlace: Sendable, Hashable {
    /// On a page, from 1, -1 is the last: distances from its left and top edge as seen, mm.
    case onPage(_ page: Int, xMM: Double, yMM: Double, widthMM: Double, heightMM: Double)
    /// On the middle of a text of the document (关键字定位): its occurrence counts from 1, -1 is the last, 0 is each.
    case onText(_ text: String, occurrence: Int = 1, widthMM: Double, heightMM: Double)
    /// Cut across the edges of all pages (骑缝章).
    case acrossPages(_ edge: PageEdge, widthMM: Double, heightMM: Double)
}

/// An edge of a page as seen.
public enum PageEdge: Sendable, Hashable, CaseIterable {
    /// Left.
    case left
    /// Right.
    case right
    /// Top.
    case top
    /// Bottom.
    case bottom
}

/// How a signature is packed.
public enum SignatureProfile: Sendable, Hashable, CaseIterable {
    /// PAdES baseline.
    case pades
    /// What older readers know.
    case compat
}

/// What a signature brings with it to be believed later (ETSI EN 319 142-1, clause 6).
public enum SignatureLevel: Sendable, Hashable, CaseIterable {
    /// B-B: the signature and its certificate.
    case baselineB
    /// B-T: with a timestamp.
    case baselineT
    /// B-LT: with a timestamp and all that is needed to verify later.
    case baselineLT
    /// B-LTA: as B-LT, and a timestamp over all of that.
    case baselineLTA
}

/// What to seal, with what, and where (用印).
public struct StampOrder: Sendable, Hashable {
    /// The document, a file.
    public var input: URL
    /// What opens the document, if it is encrypted and the empty password does not.
    public var password: String?
    /// Where the sealed document goes, a file. Written whole or not at all.
    public var output: URL
    /// The document's name as the person knows it; it stands in the usage record.
    public var documentName: String
    /// With which seal: ``Seal/id``.
    public var sealID: String
    /// Where: all of these with one signature; none, and nothing is seen of the seal.
    public var places: [StampPlace]
    /// How the signature is packed.
    public var profile: SignatureProfile
    /// What the signature brings with it; above B-B ``PlatformPins/timestampURL`` names an authority.
    public var level: SignatureLevel
    /// Why, where the person said so; it stands in the signature.
    public var reason: String?
    /// How the signing time is spelt.
    public var timeZone: TimeZone

    /// An order; the document's name is the input's file name unless it is given.
    public init(
        input: URL,
        output: URL,
        documentName: String? = nil,
        sealID: String,
        places: [StampPlace],
        profile: SignatureProfile = .pades,
        level: SignatureLevel = .baselineB,
        reason: String? = nil,
        password: String? = nil,
        timeZone: TimeZone = .current
    ) {
        self.input = input
        self.output = output
        self.documentName = documentName ?? input.lastPathComponent
        self.sealID = sealID
        self.places = places
        self.profile = profile
        self.level = level
        self.reason = reason
        self.password = password
        self.timeZone = timeZone
    }
}

/// Names, paths and the password stay out of whatever prints an order.
extension StampOrder: CustomStringConvertible, CustomReflectable {
    /// The seal, and how many places.
    public var description: String { "StampOrder(sealID: \(sealID), places: \(places.count))" }

    /// What `dump` and `String(reflecting:)` see.
    public var customMirror: Mirror { Mirror(self, children: ["sealID": sealID, "places": places.count]) }
}

/// A sealed document.
public struct StampedDocument: Sendable, Hashable {
    /// The file.
    public let url: URL
    /// The name of the signature's field.
    public let field: String
    /// The platform's record of the use: ``UsageRecord/id``.
    public let usageID: String
}

extension ESealGenerated.StampOrder {
    init(_ order: StampOrder) throws(ESealError) {
        self.init(
            inputPath: try order.input.filePath,
            password: order.password.map { Data($0.utf8) },
            outputPath: try order.output.filePath,
            documentName: order.documentName,
            sealId: order.sealID,
            places: order.places.map(ESealGenerated.StampPlace.init),
            profile: order.profile == .pades ? .pades : .compat,
            level: ESealGenerated.SignatureLevel(order.level),
            reason: order.reason,
            utcOffsetMinutes: Int16(clamping: order.timeZone.secondsFromGMT() / 60)
        )
    }
}

extension SignatureLevel {
    init(_ level: ESealGenerated.SignatureLevel) {
        self =
            switch level {
            case .baselineB: .baselineB
            case .baselineT: .baselineT
            case .baselineLt: .baselineLT
            case .baselineLta: .baselineLTA
            }
    }
}

extension ESealGenerated.SignatureLevel {
    fileprivate init(_ level: SignatureLevel) {
        self =
            switch level {
            case .baselineB: .baselineB
            case .baselineT: .baselineT
            case .baselineLT: .baselineLt
            case .baselineLTA: .baselineLta
            }
    }
}

extension ESealGenerated.StampPlace {
    fileprivate init(_ place: StampPlace) {
        self =
            switch place {
            case .onPage(let page, let x, let y, let width, let height):
                .onPage(page: Int32(clamping: page), xMm: x, yMm: y, widthMm: width, heightMm: height)
            case .onText(let text, let occurrence, let width, let height):
                .onText(text: text, occurrence: Int32(clamping: occurrence), widthMm: width, heightMm: height)
            case .acrossPages(let edge, let width, let height):
                .acrossPages(edge: ESealGenerated.PageEdge(edge), widthMm: width, heightMm: height)
            }
    }
}

extension ESealGenerated.PageEdge {
    fileprivate init(_ edge: PageEdge) {
        self =
            switch edge {
            case .left: .left
            case .right: .right
            case .top: .top
            case .bottom: .bottom
            }
    }
}

extension URL {
    /// The path of a file; the library opens nothing else.
    var filePath: String {
        get throws(ESealError) {
            guard isFileURL else { throw .badArgument("not a file: a URL of scheme \(scheme ?? "-")") }
            return path
        }
    }
}
