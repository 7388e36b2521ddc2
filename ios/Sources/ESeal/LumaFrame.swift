internal import ESealGenerated
import Foundation

/// The luminance plane of a camera frame: the first plane of a `420YpCbCr8BiPlanar…` pixel buffer, one byte a pixel.
public struct LumaFrame: Sendable {
    /// Width, px.
    public let width: Int
    /// Height, px.
    public let height: Int
    /// Distance of two rows, bytes; not less than the width.
    public let bytesPerRow: Int
    /// The rows, top to bottom.
    public let luma: Data

    /// A frame; judged when it is read.
    public init(width: Int, height: Int, bytesPerRow: Int, luma: Data) {
        self.width = width
        self.height = height
        self.bytesPerRow = bytesPerRow
        self.luma = luma
    }

    /// The QR codes in the frame. Works for some milliseconds: call it on the camera's queue, not on the main thread.
    ///
    /// - Throws: `qr.not-found`: take the next frame. `qr.frame-layout`, `qr.too-large`: no such frame can be.
    public func codes() throws(ESealError) -> [ScannedCode] {
        let codes = try calling {
            try scanFrame(
                width: UInt32(clamping: width),
                height: UInt32(clamping: height),
                stride: UInt32(clamping: bytesPerRow),
                luma: luma
            )
        }
        return codes.map(ScannedCode.init)
    }
}

/// A code that was read.
public struct ScannedCode: Sendable, Hashable {
    /// Its text. Hand it to ``ESealClient/openConsent(_:language:steps:)``; never open it as a link.
    public let text: String
    /// Its corners in the frame, px: top left, top right, bottom right, bottom left of the code.
    public let corners: [CGPoint]

    fileprivate init(_ code: ESealGenerated.ScannedCode) {
        text = code.text
        corners = code.corners.map { CGPoint(x: CGFloat($0.x), y: CGFloat($0.y)) }
    }

    /// Two codes are one when text and corners are.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        for corner in corners {
            hasher.combine(corner.x)
            hasher.combine(corner.y)
        }
    }
}
