internal import ESealGenerated
import Foundation

/// What a pixel is, 8 bits a channel, sRGB.
public enum PixelFormat: Sendable, Hashable {
    /// One byte: grey.
    case grey
    /// Three bytes: red, green, blue.
    case rgb
    /// Four bytes: red, green, blue, and one that is not looked at.
    case rgba

    fileprivate var generated: ESealGenerated.PixelFormat {
        switch self {
        case .grey: .grey
        case .rgb: .rgb
        case .rgba: .rgba
        }
    }
}

/// A photograph of a signature on paper, to become a seal face.
///
/// Taken at an angle, it is straightened first: ``sheet()`` finds the corners, a person moves them, ``straightened(_:)``
/// does it. Then ``signatures()`` says where the ink is, a person moves the edges, and ``face(in:color:within:)`` draws it.
/// Every call works for up to some hundred milliseconds: not on the main thread.
public final class PaperPhoto: Sendable {
    private let photo: ESealGenerated.PaperPhoto

    private init(_ photo: ESealGenerated.PaperPhoto) {
        self.photo = photo
    }

    /// A photograph with a copy of these upright pixels; rows are `bytesPerRow` apart.
    ///
    /// - Throws: `photo.layout` when the sizes do not fit together, `photo.too-large`, `photo.too-few-pixels`.
    public init(width: Int, height: Int, bytesPerRow: Int, format: PixelFormat, pixels: Data) throws(ESealError) {
        let layout = PhotoLayout(
            width: UInt32(clamping: width),
            height: UInt32(clamping: height),
            stride: UInt32(clamping: bytesPerRow),
            format: format.generated
        )
        photo = try calling { try ESealGenerated.PaperPhoto(layout: layout, pixels: pixels) }
    }

    /// Pixels in a row; after ``straightened(_:)`` another number.
    public var width: Int { Int(photo.width()) }
    /// Rows.
    public var height: Int { Int(photo.height()) }

    /// Where signatures are, px, most ink first.
    ///
    /// - Throws: `photo.no-ink`.
    public func signatures() throws(ESealError) -> [CGRect] {
        try calling { try photo.signatures() }.map {
            CGRect(x: Int($0.left), y: Int($0.top), width: Int($0.width), height: Int($0.height))
        }
    }

    /// The corners of the sheet, px: top left, top right, bottom right, bottom left.
    ///
    /// - Throws: `photo.no-sheet` if it cannot be seen whole, or is no brighter than what it lies on.
    public func sheet() throws(ESealError) -> [CGPoint] {
        try calling { try photo.sheet() }.map { CGPoint(x: $0.x, y: $0.y) }
    }

    /// What lies between these four corners, as seen from straight above.
    ///
    /// - Throws: `photo.corners` if no rectangle has these corners.
    public func straightened(_ corners: [CGPoint]) throws(ESealError) -> PaperPhoto {
        let corners = corners.map { PhotoPoint(x: Double($0.x), y: Double($0.y)) }
        return PaperPhoto(try calling { try photo.straightened(corners: corners) })
    }

    /// The signature as a seal face. A photograph does not say how large things are: the face is fitted into the box.
    ///
    /// - Parameters:
    ///   - crop: Where to look, px; `nil` for the only signature, wherever it is.
    ///   - color: `nil` for the colour that the ink has.
    ///   - box: The box that the face is fitted into.
    /// - Returns: The face.
    /// - Throws: `photo.…`: what is wrong with the photograph; `photo.several-signatures`, of which one has to be chosen.
    public func face(
        in crop: CGRect? = nil,
        color: InkColor? = nil,
        within box: FaceBox = FaceBox()
    ) throws(ESealError) -> SealFace {
        let face = try calling {
            try photo.face(crop: crop.map(PhotoRect.init), tone: color?.generated, within: box.generated)
        }
        return SealFace(face)
    }
}

extension PhotoRect {
    /// What lies left of or above the photograph is cut off; what is no number is nothing.
    fileprivate init(_ rect: CGRect) {
        let pixels = { (value: CGFloat) in
            value.isFinite ? UInt32(clamping: Int(min(max(value.rounded(), 0), 1e9))) : 0
        }
        self.init(
            left: pixels(rect.minX),
            top: pixels(rect.minY),
            width: pixels(rect.maxX - max(rect.minX, 0)),
            height: pixels(rect.maxY - max(rect.minY, 0))
        )
    }
}
