import ESeal
import XCTest

final class SignaturePadTests: XCTestCase {
    /// The recorded strokes, as a touch screen gives them.
    private func touches() throws -> [[TouchSample]] {
        struct Record: Decodable { let strokes: [[[Double]]] }
        let mmPerDp = 25.4 / 160
        let record = try JSONDecoder().decode(Record.self, from: Data(Drawing.json().utf8))
        return record.strokes.map { stroke in
            stroke.map { TouchSample(xMM: $0[0] * mmPerDp, yMM: $0[1] * mmPerDp, timeMS: $0[2]) }
        }
    }

    private func draw(_ strokes: [[TouchSample]], on pad: SignaturePad) throws {
        for stroke in strokes {
            pad.beginStroke()
            for start in stride(from: 0, to: stroke.count, by: 4) {
                try pad.add(Array(stroke[start..<min(start + 4, stroke.count)]))
            }
            pad.endStroke()
        }
    }

    /// Width and height, px, as a PNG's header has them (ISO/IEC 15948, 11.2.2).
    private func size(ofPNG png: Data) throws -> (Int, Int) {
        XCTAssertEqual(Array(png.prefix(8)), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        XCTAssertEqual(String(decoding: png[12..<16], as: UTF8.self), "IHDR")
        let number = { (at: Int) in png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20))
    }

    private func assertRefused(_ code: String, line: UInt = #line, _ call: () throws -> Void) {
        XCTAssertThrowsError(try call(), code, line: line) {
            XCTAssertEqual(($0 as? ESealError)?.code, code, line: line)
        }
    }

    func testTouchesAndTheirRecordGiveOneFace() throws {
        let pad = SignaturePad()
        try draw(touches(), on: pad)
        XCTAssertEqual(try pad.face().svg, try Drawing.face().svg)
    }

    func testAFaceFitsItsBoxAndIsAsLargeAsItsPicture() throws {
        let face = try SignaturePad(json: Drawing.json()).face(FaceStyle(fitWidthMM: 30, fitHeightMM: 20))
        XCTAssertLessThanOrEqual(face.widthMM, 30.001)
        XCTAssertLessThanOrEqual(face.heightMM, 20.001)
        XCTAssertGreaterThan(max(face.widthMM / 30, face.heightMM / 20), 0.99)
        let (width, height) = try size(ofPNG: face.png(dpi: 600))
        XCTAssertEqual(Double(width), face.widthMM * 600 / 25.4, accuracy: 1)
        XCTAssertEqual(Double(height), face.heightMM * 600 / 25.4, accuracy: 1)
    }

    func testAFaceSurvivesItsSVG() throws {
        let face = try Drawing.face()
        let again = try SealFace(svg: face.svg)
        XCTAssertEqual(again.svg, face.svg)
        XCTAssertEqual(try again.png(dpi: 300), try face.png(dpi: 300))
    }

    func testPenAndColourChangeTheFace() throws {
        let pad = try SignaturePad(json: Drawing.json())
        let plain = try pad.face().svg
        var seen: Set<String> = [plain]
        for pen in Pen.allCases where pen != .fountain {
            XCTAssertTrue(seen.insert(try pad.face(FaceStyle(pen: pen)).svg).inserted, "\(pen)")
        }
        for color in InkColor.allCases where color != .black {
            XCTAssertTrue(seen.insert(try pad.face(FaceStyle(color: color)).svg).inserted, "\(color)")
        }
        XCTAssertEqual(try pad.face().svg, plain)
    }

    func testUndoTakesTheLastStrokeAndClearAll() throws {
        let strokes = try touches()
        let pad = SignaturePad()
        try draw(strokes, on: pad)
        pad.undo()
        let shorter = SignaturePad()
        try draw(strokes.dropLast(), on: shorter)
        XCTAssertEqual(try pad.face().svg, try shorter.face().svg)
        pad.clear()
        XCTAssertThrowsError(try pad.face()) { XCTAssertEqual(($0 as? ESealError)?.code, "ink.empty") }
    }

    func testWhatIsNoSignatureIsRefused() throws {
        assertRefused("ink.empty") { _ = try SignaturePad().face() }
        assertRefused("ink.json") { _ = try SignaturePad(json: "{\"strokes\": 1}") }
        assertRefused("ink.only-dots") {
            let pad = SignaturePad()
            for x in [10.0, 20, 30] {
                pad.beginStroke()
                try pad.add([TouchSample(xMM: x, yMM: 10, timeMS: x)])
                pad.endStroke()
            }
            _ = try pad.face()
        }
        assertRefused("ink.out-of-range") {
            let pad = SignaturePad()
            pad.beginStroke()
            try pad.add([TouchSample(xMM: .nan, yMM: 10, timeMS: 0)])
        }
        let face = try Drawing.face()
        for dpi in [-1, 0, 71, 1201, .max] {
            assertRefused("face.dpi") { _ = try face.png(dpi: dpi) }
        }
        assertRefused("face.size") { _ = try SignaturePad(json: Drawing.json()).face(FaceStyle(fitWidthMM: -1)) }
        assertRefused("face.svg") { _ = try SealFace(svg: "<svg><script/></svg>") }
    }
}
