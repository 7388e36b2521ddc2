internal import ESealGenerated
import Foundation

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
