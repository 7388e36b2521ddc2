import ESeal
import XCTest

final class PaperPhotoTests: XCTestCase {
    private func refusal(_ call: () throws -> Void) -> String? {
        do {
            try call()
            return nil
        } catch {
            return (error as? ESealError)?.code
        }
    }

    /// Two crossing lines of ink, on a sheet from `left` to `right` of a dark table.
    private func photograph(sheet: ClosedRange<Int>) throws -> PaperPhoto {
        let (width, height) = (600, 400)
        var pixels = [UInt8](repeating: 60, count: width * height)
        for y in 0..<height where sheet.lowerBound == 0 || (40...360).contains(y) {
            for x in sheet where x < width {
                pixels[y * width + x] = 225
            }
        }
        for step in 0..<200 {
            for thick in 0..<14 {
                pixels[(150 + step / 2) * width + 200 + step + thick] = 30
                pixels[(250 - step / 2) * width + 200 + step + thick] = 30
            }
        }
        return try PaperPhoto(
            width: width,
            height: height,
            bytesPerRow: width,
            format: .grey,
            pixels: Data(pixels)
        )
    }

    func testASignatureOnPaperBecomesAFace() throws {
        let photo = try photograph(sheet: 0...599)
        let crop = try XCTUnwrap(photo.signatures().first)
        XCTAssertTrue(crop.contains(CGRect(x: 205, y: 155, width: 190, height: 90)), "\(crop)")
        let face = try photo.face()
        XCTAssertEqual(face.svg, try photo.face(in: crop).svg)
        XCTAssertNotEqual(face.svg, try photo.face(color: .red).svg)
        XCTAssertEqual(try photo.face(within: FaceBox(widthMM: 30, heightMM: 30)).widthMM, 30, accuracy: 0.01)
        XCTAssertEqual(refusal { _ = try photo.sheet() }, "photo.no-sheet")
    }

    func testASheetIsFoundAndStraightened() throws {
        let photo = try photograph(sheet: 80...520)
        let corners = try photo.sheet()
        XCTAssertEqual(corners[0].x, 80, accuracy: 3)
        XCTAssertEqual(corners[2].y, 361, accuracy: 3)
        let straight = try photo.straightened(corners)
        XCTAssertEqual(Double(straight.width), 441, accuracy: 6)
        XCTAssertEqual(try straight.signatures().count, 1)
        XCTAssertEqual(refusal { _ = try photo.straightened(corners.reversed()) }, "photo.corners")
        XCTAssertEqual(refusal { _ = try photo.straightened([]) }, "sdk.bad-argument")
    }

    func testPhotographsThatCannotBeAreRefused() {
        let pixels = Data(repeating: 0, count: 100 * 100)
        for (width, stride, code) in [
            (100, 99, "photo.layout"), (101, 101, "photo.layout"), (8, 8, "photo.too-few-pixels"),
            (.max, 100, "photo.too-large"),
        ] {
            let refused = refusal {
                _ = try PaperPhoto(width: width, height: 100, bytesPerRow: stride, format: .grey, pixels: pixels)
            }
            XCTAssertEqual(refused, code)
        }
        let dark = refusal {
            let photo = try PaperPhoto(width: 100, height: 100, bytesPerRow: 100, format: .grey, pixels: pixels)
            let corner = CGRect(x: 95, y: 95, width: 50, height: 50)
            XCTAssertEqual(refusal { _ = try photo.face(in: corner) }, "photo.crop")
            _ = try photo.face()
        }
        XCTAssertEqual(dark, "photo.no-ink")
    }
}
