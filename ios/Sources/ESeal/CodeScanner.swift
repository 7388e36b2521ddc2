internal import ESealGenerated
import Foundation

/// Reads codes from the frames of one camera, one after the other: frames that do not suffice alone add up, and the work for
/// each is bounded. One for each time the camera is opened.
public final class CodeScanner: Sendable {
    private let scanner = ESealGenerated.CodeScanner()

    /// A scanner that has seen nothing.
    public init() {}

    /// Looks at the next frame. Call it on the camera's queue, not on the main thread.
    ///
    /// - Parameters:
    ///   - frame: The luminance plane.
    ///   - rotation: How the frame has to be turned to be upright; corners are counted so.
    ///   - region: The only part to look at, px; `nil` for all of it.
    /// - Returns: The codes that were read, or seen.
    /// - Throws: `qr.frame-layout`, `qr.too-large`: no such frame can be.
    public func scan(
        _ frame: LumaFrame,
        rotation: FrameRotation = .upright,
        region: FrameRegion? = nil
    ) throws(ESealError) -> FrameScan {
        let layout = ESealGenerated.FrameLayout(
            width: UInt32(clamping: frame.width),
            height: UInt32(clamping: frame.height),
            stride: UInt32(clamping: frame.bytesPerRow),
            rotation: rotation.generated,
            region: region?.generated
        )
        let scan = try calling { try scanner.scan(layout: layout, luma: frame.luma) }
        return FrameScan(
            read: scan.read.map(ScannedCode.init),
            seen: scan.seen.map { SeenCode(corners: points($0.corners), modulePx: $0.modulePx) }
        )
    }
}

/// What a frame gave.
public struct FrameScan: Sendable {
    /// Codes that were read.
    public let read: [ScannedCode]
    /// Codes that were only seen; empty when something was read.
    public let seen: [SeenCode]
}

/// A code that is there and was not read: too far, too blurred, or it takes a few frames more.
public struct SeenCode: Sendable {
    /// Its corners in the frame, px, as well as they are known; in the order of ``ScannedCode/corners``.
    public let corners: [CGPoint]
    /// Camera pixels along one module. Below three, zooming in helps.
    public let modulePx: Float
}

/// How far clockwise a frame has to be turned to be upright.
public enum FrameRotation: Sendable {
    /// Not at all.
    case upright
    /// By 90°.
    case quarter
    /// By 180°.
    case half
    /// By 270°.
    case threeQuarters

    fileprivate var generated: ESealGenerated.FrameRotation {
        switch self {
        case .upright: .upright
        case .quarter: .quarter
        case .half: .half
        case .threeQuarters: .threeQuarters
        }
    }
}

/// A part of a frame, px.
public struct FrameRegion: Sendable {
    /// From the left.
    public let left: Int
    /// From the top.
    public let top: Int
    /// Pixels in a row of it.
    public let width: Int
    /// Its rows.
    public let height: Int

    /// A part; judged when a frame is read.
    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    fileprivate var generated: ESealGenerated.FrameRegion {
        ESealGenerated.FrameRegion(
            left: UInt32(clamping: left),
            top: UInt32(clamping: top),
            width: UInt32(clamping: width),
            height: UInt32(clamping: height)
        )
    }
}

/// What a scanned text is: ``ESealClient/judgeScanned(_:)``.
public enum ScannedText: Sendable, Hashable {
    /// A code of the platform's: hand it to ``ESealClient/openConsent(_:language:steps:)``.
    case ours
    /// Somebody else's: show it as plain text, never open it, never make a link of it. `shown` is one line, nothing hidden, at
    /// most 256 characters.
    case notOurs(kind: ForeignCode, shown: String)

    init(_ text: ESealGenerated.ScannedText) {
        switch text {
        case .ours: self = .ours
        case let .notOurs(kind, shown): self = .notOurs(kind: ForeignCode(kind), shown: shown)
        }
    }
}

/// What a code that is not the platform's pretends to be.
public enum ForeignCode: Sendable, Hashable {
    /// A link made to be taken for the platform's: warn.
    case lookAlike
    /// A link to somewhere else.
    case link
    /// Anything else.
    case text

    fileprivate init(_ code: ESealGenerated.ForeignCode) {
        switch code {
        case .lookAlike: self = .lookAlike
        case .link: self = .link
        case .text: self = .text
        }
    }
}
