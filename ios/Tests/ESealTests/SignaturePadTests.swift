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

    private func draw(_ strokes: [[TouchSample]], on pad: SignaturePad, show: (PadPaint) -> Void = { _ in }) {
        for stroke in strokes {
            show(pad.down())
            for start in stride(from: 0, to: stroke.count, by: 4) {
                show(pad.add(Array(stroke[start..<min(start + 4, stroke.count)])))
            }
            show(pad.up())
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
        draw(try touches(), on: pad)
        XCTAssertEqual(try pad.face().svg, try Drawing.face().svg)
    }

    func testWhatIsToldToPaintIsTheWhole() throws {
        let strokes = try touches()
        let pad = SignaturePad(pen: .brush)
        var parts = 0
        var told = CGRect.null
        draw(strokes, on: pad) { paint in
            XCTAssertFalse(paint.startsOver)
            XCTAssertTrue(paint.refused.isEmpty)
            parts += paint.stable.count
            for path in paint.stable {
                told = told.union(box(around: path))
                let (part, dirty) = (box(around: path), paint.dirty ?? .null)
                XCTAssertGreaterThan(part.minX, dirty.minX - 0.01)
                XCTAssertGreaterThan(part.minY, dirty.minY - 0.01)
                XCTAssertLessThan(part.maxX, dirty.maxX + 0.01)
                XCTAssertLessThan(part.maxY, dirty.maxY + 0.01)
            }
        }
        XCTAssertGreaterThan(parts, strokes.count)
        let whole = pad.repaint()
        XCTAssertTrue(whole.startsOver)
        XCTAssertEqual(whole.stable.count, strokes.count)
        let drawn = whole.stable.map(box).reduce(CGRect.null) { $0.union($1) }
        XCTAssertEqual(told.width, drawn.width, accuracy: 0.1)
        XCTAssertEqual(told.height, drawn.height, accuracy: 0.1)
    }

    func testAGrowingStrokeHasATailAndAGuessBeyondIt() {
        let pad = SignaturePad()
        _ = pad.down()
        let points = (0..<200).map { TouchSample(xMM: 5 + Double($0) * 0.2, yMM: 10, timeMS: Double($0) * 4) }
        for start in stride(from: 0, to: points.count, by: 4) {
            let paint = pad.add(Array(points[start..<start + 4]))
            guard start > 100 else { continue }
            XCTAssertLessThan(paint.dirty?.width ?? .infinity, 14)
            XCTAssertFalse(paint.tail.isEmpty)
            XCTAssertFalse(paint.predicted.isEmpty)
        }
        XCTAssertTrue(pad.add([], ahead: .nothing).predicted.isEmpty)
        let told = pad.add([], ahead: .reported([TouchSample(xMM: 46, yMM: 10, timeMS: 820)]))
        XCTAssertGreaterThan(told.dirty?.maxX ?? 0, 46)
        XCTAssertTrue(pad.up().tail.isEmpty)
    }

    func testWhatWasSavedInTheMiddleOfAStrokeGoesOn() throws {
        let strokes = try touches()
        let last = try XCTUnwrap(strokes.last)
        let pad = SignaturePad()
        draw(strokes.dropLast(), on: pad)
        _ = pad.down(TouchContact(pointer: -3))
        _ = pad.add(Array(last.prefix(last.count / 2)), pointer: -3)
        let saved = pad.saved
        XCTAssertLessThan(saved.count, 10_000)
        let again = try SignaturePad(saved: saved)
        XCTAssertFalse(again.repaint().tail.isEmpty)
        _ = again.add(Array(last.dropFirst(last.count / 2)), pointer: -3)
        _ = again.up(pointer: -3)
        XCTAssertEqual(try again.face().svg, try Drawing.face().svg)
        assertRefused("ink.bytes") { _ = try SignaturePad(saved: saved.prefix(20)) }
    }

    func testEveryFormOfTheLogDrawsTheSameFace() throws {
        let pad = try SignaturePad(json: Drawing.json())
        XCTAssertLessThan(pad.log.count, 2_000)
        XCTAssertEqual(try SignaturePad(log: pad.log).face().svg, try pad.face().svg)
        XCTAssertEqual(try SignaturePad(inkML: pad.inkML).face().svg, try pad.face().svg)
        assertRefused("ink.bytes") { _ = try SignaturePad(log: Data([1, 2, 3])) }
        assertRefused("ink.inkml") { _ = try SignaturePad(inkML: "<ink>") }
    }

    func testSecondFingersPalmsAndFaultsAreRefusedInTheAnswer() {
        let pad = SignaturePad()
        _ = pad.down(TouchContact(pointer: 1))
        let drawn = pad.add(
            [TouchSample(xMM: 1, yMM: 1, timeMS: 0), TouchSample(xMM: .nan, yMM: 1, timeMS: 4)],
            pointer: 1
        )
        XCTAssertEqual(drawn.refused.map(\.index), [1])
        XCTAssertEqual(drawn.refused.map(\.code), ["ink.out-of-range"])
        XCTAssertEqual(pad.down(TouchContact(pointer: 2)).refused.map(\.code), ["ink.second-pointer"])
        let palm = pad.contactChanged(30, pointer: 1)
        XCTAssertEqual(palm.refused.map(\.code), ["ink.palm"])
        XCTAssertTrue(palm.startsOver && palm.stable.isEmpty)
        _ = pad.down(TouchContact(pointer: 1))
        _ = pad.add([TouchSample(xMM: 1, yMM: 1, timeMS: 10)], pointer: 1)
        XCTAssertTrue(pad.down(TouchContact(pointer: 5, tool: .stylus)).startsOver)
        let tilted = TouchSample(xMM: 2, yMM: 2, timeMS: 20, force: 0.5, tilt: TouchTilt(altitude: 60, azimuth: 90))
        XCTAssertTrue(pad.add([tilted], pointer: 5).refused.isEmpty)
        XCTAssertTrue(pad.cancel(pointer: 5).startsOver)
        XCTAssertFalse(pad.canUndo)
    }

    func testAReplayPaintsAllThatWasDrawn() throws {
        let pad = try SignaturePad(json: Drawing.json())
        let replay = pad.replay()
        var stable: [InkPath] = []
        var elapsed = 0.0
        while let next = replay.nextMS {
            elapsed = max(elapsed + 16, next)
            stable += replay.paint(until: elapsed).stable
        }
        XCTAssertGreaterThanOrEqual(elapsed, replay.durationMS)
        let (played, drawn) = (stable, pad.repaint().stable)
        let boxes = [played, drawn].map { $0.map(box).reduce(CGRect.null) { $0.union($1) } }
        XCTAssertEqual(boxes[0].width, boxes[1].width, accuracy: 0.1)
        XCTAssertNil(replay.paint(until: .infinity).dirty)
    }

    func testChecksSayValueAndLimit() throws {
        let line = SignaturePad()
        draw([(0..<60).map { TouchSample(xMM: Double($0) * 0.8, yMM: 10, timeMS: Double($0) * 8) }], on: line)
        let rejected = try line.judge()
        XCTAssertEqual(rejected.verdict, .reject)
        let finding = try XCTUnwrap(rejected.findings.first { $0.code == "ink.straight-line" })
        XCTAssertEqual(finding.value, 1, accuracy: 1e-6)
        XCTAssertEqual(finding.least, 1.08)
        XCTAssertNil(finding.most)
        let pad = try SignaturePad(json: Drawing.json())
        XCTAssertEqual(try pad.judge().verdict, .pass)
        let context = SignatureContext(
            characters: 3,
            padMM: CGSize(width: 20, height: 8),
            earlier: [pad.digest]
        )
        let warned = try pad.judge(context).findings.filter { $0.verdict == .warn }.map(\.code)
        XCTAssertTrue(warned.contains("ink.touches-edge") && warned.contains("ink.replayed"), "\(warned)")
        assertRefused("ink.bytes") { _ = try pad.judge(SignatureContext(earlier: [Data([1])])) }
    }

    func testANameIsComposedOfItsCharacters() throws {
        // 十 thrice, of three sizes.
        let characters = [10.0, 14, 12].map { side in
            let pad = SignaturePad()
            let along = { (start: Double, at: (Double) -> (Double, Double)) in
                (0..<20).map { nth in
                    let (x, y) = at(side * Double(nth) / 19)
                    return TouchSample(xMM: x, yMM: y, timeMS: start + Double(nth) * 10)
                }
            }
            draw([along(0) { ($0, side / 2) }, along(400) { (side / 2, $0) }], on: pad)
            return pad
        }
        let box = FaceBox(widthMM: 60, heightMM: 60)
        let row = try SignaturePad(characters: characters).face(within: box)
        let column = try SignaturePad(characters: characters, direction: .column).face(within: box)
        XCTAssertGreaterThan(row.widthMM, 2.5 * row.heightMM)
        XCTAssertGreaterThan(column.heightMM, 2.5 * column.widthMM)
        assertRefused("ink.empty") { _ = try SignaturePad(characters: characters + [SignaturePad()]) }
    }

    func testAFaceFitsItsBoxAndIsAsLargeAsItsPicture() throws {
        let face = try SignaturePad(json: Drawing.json()).face(within: FaceBox(widthMM: 30, heightMM: 20))
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
        var seen: Set<String> = []
        for pen in Pen.allCases {
            XCTAssertTrue(pad.use(pen).startsOver)
            for color in InkColor.allCases {
                let svg = try pad.face(color).svg
                XCTAssertTrue(seen.insert(svg).inserted, "\(pen) \(color)")
                let rgb = String(color.rgb, radix: 16)
                let hexadecimal = String(repeating: "0", count: 6 - rgb.count) + rgb
                XCTAssertTrue(svg.contains(hexadecimal) || svg.contains("#000"), "\(color)")
            }
        }
    }

    func testUndoTakesTheLastStrokeAndClearAll() throws {
        let strokes = try touches()
        let pad = SignaturePad()
        draw(strokes, on: pad)
        XCTAssertEqual(pad.undo().stable.count, strokes.count - 1)
        let shorter = SignaturePad()
        draw(strokes.dropLast(), on: shorter)
        XCTAssertEqual(try pad.face().svg, try shorter.face().svg)
        XCTAssertTrue(pad.canRedo)
        XCTAssertEqual(pad.redo().stable.count, strokes.count)
        XCTAssertTrue(pad.clear().stable.isEmpty)
        XCTAssertThrowsError(try pad.face()) { XCTAssertEqual(($0 as? ESealError)?.code, "ink.empty") }
        XCTAssertEqual(pad.undo().stable.count, strokes.count)
    }

    func testWhatIsNoSignatureIsRefused() throws {
        assertRefused("ink.empty") { _ = try SignaturePad().face() }
        assertRefused("ink.json") { _ = try SignaturePad(json: "{\"strokes\": 1}") }
        assertRefused("ink.only-dots") {
            let pad = SignaturePad()
            draw([10.0, 20, 30].map { [TouchSample(xMM: $0, yMM: 10, timeMS: $0)] }, on: pad)
            _ = try pad.face()
        }
        let face = try Drawing.face()
        for dpi in [-1, 0, 71, 1201, .max] {
            assertRefused("face.dpi") { _ = try face.png(dpi: dpi) }
        }
        let narrow = FaceBox(widthMM: -1)
        assertRefused("face.size") { _ = try SignaturePad(json: Drawing.json()).face(within: narrow) }
        assertRefused("face.svg") { _ = try SealFace(svg: "<svg><script/></svg>") }
    }

    /// A box around a path, mm, by eight places of each curve.
    private func box(around path: InkPath) -> CGRect {
        var box = CGRect.null
        var from = CGPoint.zero
        for step in path {
            switch step {
            case let .move(to), let .line(to):
                box = box.union(CGRect(origin: to, size: .zero))
                from = to
            case let .curve(first, second, to):
                for share in stride(from: 0.125, through: 1, by: 0.125) {
                    let mix = { (a: CGFloat, b: CGFloat) in a + (b - a) * share }
                    let between = { (a: CGPoint, b: CGPoint) in CGPoint(x: mix(a.x, b.x), y: mix(a.y, b.y)) }
                    let (left, right) = (between(first, second), between(second, to))
                    let at = between(between(between(from, first), left), between(left, right))
                    box = box.union(CGRect(origin: at, size: .zero))
                }
                from = to
            }
        }
        return box
    }
}
