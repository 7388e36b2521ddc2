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

    /// The QR codes in a picture, as from the library, with all that there is. For the frames of a camera there is
    /// ``CodeScanner``. Works for some milliseconds to some tens of them: not on the main thread.
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
    /// Its text. Hand it to ``ESealClient/judgeScanned(_:)`` and
    /// ``ESealClient/openConsent(_:language:steps:)``; never open it as a link.
    public let text: String
    /// Its corners in the frame, px: top left, top right, bottom right, bottom left of the code.
    public let corners: [CGPoint]

    init(_ code: ESealGenerated.ScannedCode) {
        text = code.text
        corners = points(code.corners)
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

func points(_ corners: [ESealGenerated.FramePoint]) -> [CGPoint] {
    corners.map { CGPoint(x: CGFloat($0.x), y: CGFloat($0.y)) }
}
