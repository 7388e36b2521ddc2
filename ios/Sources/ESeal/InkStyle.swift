internal import ESealGenerated

/// The pen that strokes are drawn with.
public enum Pen: Sendable, Hashable, CaseIterable {
    /// A fountain pen (钢笔).
    case fountain
    /// A writing brush (毛笔).
    case brush
    /// A felt pen.
    case marker

    var generated: PenKind {
        switch self {
        case .fountain: .fountain
        case .brush: .brush
        case .marker: .marker
        }
    }
}

/// The ink's colour.
public enum InkColor: Sendable, Hashable, CaseIterable {
    /// Black.
    case black
    /// The blue of document-proof ink.
    case blue
    /// The red of seal paste (印泥).
    case red

    /// The colour as 0xRRGGBB (sRGB): a pad that paints with it looks like the face.
    public var rgb: UInt32 { inkRgb(tone: generated) }

    var generated: InkTone {
        switch self {
        case .black: .black
        case .blue: .blue
        case .red: .red
        }
    }
}

/// The box that a face is fitted into. The face is trimmed: one of its sides may be shorter.
public struct FaceBox: Sendable, Hashable {
    /// Width, mm.
    public var widthMM: Double
    /// Height, mm.
    public var heightMM: Double
    /// Empty space around the ink, inside the box, mm.
    public var marginMM: Double

    /// A box; without arguments 40 × 20 mm with half a millimetre of margin.
    public init(widthMM: Double = 40, heightMM: Double = 20, marginMM: Double = 0.5) {
        self.widthMM = widthMM
        self.heightMM = heightMM
        self.marginMM = marginMM
    }

    var generated: ESealGenerated.FaceBox {
        ESealGenerated.FaceBox(widthMm: widthMM, heightMm: heightMM, marginMm: marginMM)
    }
}
