internal import ESealGenerated
import Foundation

/// One point of a stroke.
public struct TouchSample: Sendable, Hashable {
    /// To the right, mm.
    public var xMM: Double
    /// Downwards, mm.
    public var yMM: Double
    /// When the event happened (`UITouch.timestamp`, not when it was handled), ms; only differences count.
    public var timeMS: Double
    /// How hard a stylus presses, 0 to 1; nothing for a finger.
    public var force: Float?

    /// A point.
    public init(xMM: Double, yMM: Double, timeMS: Double, force: Float? = nil) {
        self.xMM = xMM
        self.yMM = yMM
        self.timeMS = timeMS
        self.force = force
    }
}

/// The pen that strokes are drawn with.
public enum Pen: Sendable, Hashable, CaseIterable {
    /// A fountain pen (钢笔).
    case fountain
    /// A writing brush (毛笔).
    case brush
    /// A felt pen.
    case marker
}

/// The ink's colour.
public enum InkColor: Sendable, Hashable, CaseIterable {
    /// Black.
    case black
    /// The blue of document-proof ink.
    case blue
    /// The red of seal paste (印泥).
    case red
}

/// How a signature becomes a face.
public struct FaceStyle: Sendable, Hashable {
    /// The pen.
    public var pen: Pen
    /// The colour.
    public var color: InkColor
    /// Width of the box that the face is fitted into, mm.
    public var fitWidthMM: Double
    /// Its height, mm.
    public var fitHeightMM: Double

    /// A style; without arguments a black fountain pen in a box of 45 × 22 mm.
    public init(pen: Pen = .fountain, color: InkColor = .black, fitWidthMM: Double = 45, fitHeightMM: Double = 22) {
        self.pen = pen
        self.color = color
        self.fitWidthMM = fitWidthMM
        self.fitHeightMM = fitHeightMM
    }
}

/// Collects a signature.
///
/// Its state is the log of points and nothing else. Safe from any thread; feed it from one.
public final class SignaturePad: Sendable {
    private let pad: ESealGenerated.SignaturePad

    /// An empty pad.
    public init() {
        pad = ESealGenerated.SignaturePad()
    }

    /// A pad with recorded strokes, JSON as `eseal ink render` reads it.
    ///
    /// - Throws: `ink.…`.
    public init(json: String) throws(ESealError) {
        pad = try calling { try ESealGenerated.SignaturePad.fromJson(json: json) }
    }

    /// The pen or finger touches.
    public func beginStroke() {
        pad.beginStroke()
    }

    /// Points of the present stroke, oldest first, coalesced ones included.
    ///
    /// - Throws: `ink.…` for the first point that cannot be taken; those before it are kept.
    public func add(_ samples: [TouchSample]) throws(ESealError) {
        let samples = samples.map {
            ESealGenerated.TouchSample(xMm: $0.xMM, yMm: $0.yMM, tMs: $0.timeMS, force: $0.force)
        }
        try calling { try pad.add(samples: samples) }
    }

    /// The pen or finger lifts.
    public func endStroke() {
        pad.endStroke()
    }

    /// Takes the last stroke back.
    public func undo() {
        pad.undo()
    }

    /// Takes everything back.
    public func clear() {
        pad.clear()
    }

    /// The signature as a seal face. Works for some milliseconds: call it off the main thread.
    ///
    /// - Throws: `ink.empty`, `ink.only-dots` and the other reasons why strokes are no signature; `face.…` for a size that
    ///   cannot be.
    public func face(_ style: FaceStyle = FaceStyle()) throws(ESealError) -> SealFace {
        let style = ESealGenerated.FaceStyle(
            pen: PenKind(style.pen),
            tone: InkTone(style.color),
            fitWidthMm: style.fitWidthMM,
            fitHeightMm: style.fitHeightMM
        )
        return SealFace(try calling { try pad.face(style: style) })
    }
}

/// A seal's picture (印模): vector shapes with a size in mm and a transparent background. Never changes.
public final class SealFace: Sendable {
    let face: ESealGenerated.SealFace

    init(_ face: ESealGenerated.SealFace) {
        self.face = face
    }

    /// A face in the SVG subset that this library writes.
    ///
    /// - Throws: `face.…`.
    public init(svg: String) throws(ESealError) {
        face = try calling { try ESealGenerated.SealFace.fromSvg(svg: svg) }
    }

    /// Width, mm.
    public var widthMM: Double { face.widthMm() }
    /// Height, mm.
    public var heightMM: Double { face.heightMm() }
    /// As SVG, sizes in mm.
    public var svg: String { face.svg() }

    /// As PNG with transparency.
    ///
    /// - Parameter dpi: Dots per inch, 72 to 1200.
    /// - Returns: The file's bytes.
    /// - Throws: `face.dpi`, `face.too-many-pixels`.
    public func png(dpi: Int) throws(ESealError) -> Data {
        try calling { try face.png(dpi: UInt32(clamping: dpi)) }
    }
}

extension PenKind {
    fileprivate init(_ pen: Pen) {
        self =
            switch pen {
            case .fountain: .fountain
            case .brush: .brush
            case .marker: .marker
            }
    }
}

extension InkTone {
    fileprivate init(_ color: InkColor) {
        self =
            switch color {
            case .black: .black
            case .blue: .blue
            case .red: .red
            }
    }
}
