internal import ESealGenerated
import Foundation

/// Where on a page a seal goes.
public struct StampPlace: Sendable, Hashable {
    /// From 1; -1 is the last.
    public var page: Int
    /// From the page's left edge as seen, mm.
    public var xMM: Double
    /// From the page's top edge as seen, mm.
    public var yMM: Double
    /// Width of the box that the seal is fitted into, mm.
    public var widthMM: Double
    /// Its height, mm.
    public var heightMM: Double

    /// A box on a page.
    public init(page: Int, xMM: Double, yMM: Double, widthMM: Double, heightMM: Double) {
        self.page = page
        self.xMM = xMM
        self.yMM = yMM
        self.widthMM = widthMM
        self.heightMM = heightMM
    }
}

/// What to seal, with what, and where (用印).
public struct StampOrder: Sendable, Hashable {
    /// The document, a file.
    public var input: URL
    /// Where the sealed document goes, a file. Written whole or not at all.
    public var output: URL
    /// The document's name as the person knows it; it stands in the usage record.
    public var documentName: String
    /// With which seal: ``Seal/id``.
    public var sealID: String
    /// Where.
    public var place: StampPlace
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
        place: StampPlace,
        reason: String? = nil,
        timeZone: TimeZone = .current
    ) {
        self.input = input
        self.output = output
        self.documentName = documentName ?? input.lastPathComponent
        self.sealID = sealID
        self.place = place
        self.reason = reason
        self.timeZone = timeZone
    }
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
            outputPath: try order.output.filePath,
            documentName: order.documentName,
            sealId: order.sealID,
            page: Int32(clamping: order.place.page),
            xMm: order.place.xMM,
            yMm: order.place.yMM,
            widthMm: order.place.widthMM,
            heightMm: order.place.heightMM,
            reason: order.reason,
            utcOffsetMinutes: Int16(clamping: order.timeZone.secondsFromGMT() / 60)
        )
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
