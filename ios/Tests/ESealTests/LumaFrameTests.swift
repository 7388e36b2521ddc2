import ESeal
import XCTest

final class LumaFrameTests: XCTestCase {
    private func code(of frame: LumaFrame) -> String? {
        do {
            return "read \(try frame.codes().count)"
        } catch {
            return error.code
        }
    }

    func testAFrameWithoutACodeSaysSo() {
        let grey = LumaFrame(width: 64, height: 64, bytesPerRow: 64, luma: Data(repeating: 128, count: 64 * 64))
        XCTAssertEqual(code(of: grey), "qr.not-found")
    }

    func testACamerasFramesWithoutACodeReadNothing() throws {
        let grey = LumaFrame(width: 64, height: 64, bytesPerRow: 64, luma: Data(repeating: 128, count: 64 * 64))
        let scan = try CodeScanner().scan(grey)
        XCTAssertTrue(scan.read.isEmpty && scan.seen.isEmpty)
        let beyond = FrameRegion(left: 1, top: 0, width: 64, height: 64)
        XCTAssertThrowsError(try CodeScanner().scan(grey, region: beyond)) { error in
            XCTAssertEqual((error as? ESealError)?.code, "qr.frame-layout")
        }
    }

    func testFramesThatCannotBeAreRefused() {
        let luma = Data(repeating: 0, count: 64 * 64)
        for (width, height, stride) in [
            (0, 64, 64), (64, 0, 64), (-64, 64, 64), (64, 65, 64), (64, 64, 63), (64, 64, -1),
        ] {
            let frame = LumaFrame(width: width, height: height, bytesPerRow: stride, luma: luma)
            XCTAssertEqual(code(of: frame), "qr.frame-layout", "\(width) \(height) \(stride)")
        }
        XCTAssertEqual(code(of: LumaFrame(width: 64, height: 64, bytesPerRow: 64, luma: Data())), "qr.frame-layout")
        XCTAssertEqual(code(of: LumaFrame(width: .max, height: 64, bytesPerRow: 64, luma: luma)), "qr.too-large")
    }
}
