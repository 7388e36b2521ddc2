internal import ESealGenerated
import Foundation

/// Collects a signature, and answers each event by what to paint, at a cost that does not grow with what was drawn.
///
/// Events go in as the platform has them: ``down(_:)``, ``add(_:pointer:ahead:)`` with all coalesced touches,
/// ``up(pointer:)`` or ``cancel(pointer:)``. What must not draw (a second finger, a palm, a fault of the screen) is refused
/// in the answer, which is no failure. Its state is the log of points and nothing else: ``saved`` it when the app goes to the
/// background, and ``init(saved:pen:)`` loses nothing, not even a stroke half drawn. Safe from any thread; feed it from one.
public final class SignaturePad: Sendable {
    private let pad: ESealGenerated.SignaturePad

    /// An empty pad.
    public init(pen: Pen = .fountain) {
        pad = ESealGenerated.SignaturePad(pen: pen.generated)
    }

    /// The pad whose state was ``saved``.
    ///
    /// - Throws: `ink.bytes` and the like.
    public init(saved: Data, pen: Pen = .fountain) throws(ESealError) {
        pad = try calling { try ESealGenerated.SignaturePad.restored(saved: saved, pen: pen.generated) }
    }

    /// A pad with the strokes of a compact ``log``.
    ///
    /// - Throws: `ink.bytes` and the like.
    public init(log: Data, pen: Pen = .fountain) throws(ESealError) {
        pad = try calling { try ESealGenerated.SignaturePad.fromLog(log: log, pen: pen.generated) }
    }

    /// A pad with recorded strokes, JSON as `eseal ink render` reads it.
    ///
    /// - Throws: `ink.json` and the like.
    public init(json: String, pen: Pen = .fountain) throws(ESealError) {
        pad = try calling { try ESealGenerated.SignaturePad.fromJson(json: json, pen: pen.generated) }
    }

    /// A pad with recorded strokes, W3C InkML.
    ///
    /// - Throws: `ink.inkml` and the like.
    public init(inkML: String, pen: Pen = .fountain) throws(ESealError) {
        pad = try calling { try ESealGenerated.SignaturePad.fromInkMl(xml: inkML, pen: pen.generated) }
    }

    /// A pad with the name that these characters make, each drawn on a pad of its own, in the order of the name: sizes and
    /// centres are balanced. The characters' pads stay as they are.
    ///
    /// - Throws: `ink.empty` if one has no stroke; `ink.too-many-points` and the like.
    public init(
        characters: [SignaturePad],
        direction: NameDirection = .row,
        pen: Pen = .fountain
    ) throws(ESealError) {
        let characters = characters.map(\.pad)
        pad = try calling {
            try composeName(characters: characters, direction: direction.generated, pen: pen.generated)
        }
    }

    /// A finger, stylus or mouse touches. Its first point is handed to ``add(_:pointer:ahead:)``.
    public func down(_ contact: TouchContact = TouchContact()) -> PadPaint {
        PadPaint(pad.down(contact: contact.generated))
    }

    /// Points of a pointer, oldest first, coalesced ones included. Each is taken or refused by itself.
    public func add(_ samples: [TouchSample], pointer: Int = 0, ahead: Ahead = .fitted) -> PadPaint {
        PadPaint(pad.add(pointer: number(pointer), samples: samples.map(\.generated), ahead: ahead.generated))
    }

    /// The contact of a pointer is of this size now, mm across: a finger that rolls into a palm loses its stroke.
    public func contactChanged(_ contactMM: Double, pointer: Int = 0) -> PadPaint {
        PadPaint(pad.contactChanged(pointer: number(pointer), contactMm: contactMM))
    }

    /// The pointer lifts; its stroke stays.
    public func up(pointer: Int = 0) -> PadPaint {
        PadPaint(pad.up(pointer: number(pointer)))
    }

    /// The system takes the touch back; its stroke goes.
    public func cancel(pointer: Int = 0) -> PadPaint {
        PadPaint(pad.cancel(pointer: number(pointer)))
    }

    /// Takes the last stroke back, or what ``clear()`` took if nothing has been drawn since.
    public func undo() -> PadPaint {
        PadPaint(pad.undo())
    }

    /// Does again what was taken back last, as long as nothing has been drawn since.
    public func redo() -> PadPaint {
        PadPaint(pad.redo())
    }

    /// Takes everything away.
    public func clear() -> PadPaint {
        PadPaint(pad.clear())
    }

    /// Shows all strokes with another pen.
    public func use(_ pen: Pen) -> PadPaint {
        PadPaint(pad.usePen(pen: pen.generated))
    }

    /// Everything drawn so far, for a surface that shows nothing yet: after a rotation, after ``init(saved:pen:)``.
    public func repaint() -> PadPaint {
        PadPaint(pad.repaint())
    }

    /// Whether there is anything to undo.
    public var canUndo: Bool { pad.canUndo() }
    /// Whether there is anything to redo.
    public var canRedo: Bool { pad.canRedo() }

    /// Everything but the pen, some kilobytes. How somebody moves the pen is biometric data: it belongs on the phone, and
    /// nowhere else.
    public var saved: Data { pad.save() }
    /// The strokes alone as a compact log, about 2.5 bytes a point. Biometric data, as ``saved``.
    public var log: Data { pad.log() }
    /// The strokes as W3C InkML, for other programs. Biometric data, as ``saved``.
    public var inkML: String { pad.inkMl() }
    /// A digest by which ``judge(_:)`` knows a replay of these strokes; it tells nothing about their shape.
    public var digest: Data { pad.digest() }

    /// Judges what is drawn by every rule that the context allows. What is rejected, ``face(_:within:)`` refuses, too.
    ///
    /// - Throws: `ink.bytes` for an earlier digest that is none.
    public func judge(_ context: SignatureContext = SignatureContext()) throws(ESealError) -> InkReport {
        InkReport(try calling { try pad.judge(context: context.generated) })
    }

    /// What is drawn now, to be played again.
    public func replay() -> InkReplay {
        InkReplay(pad.replay())
    }

    /// The signature as a seal face, drawn with the pad's pen. Works for some milliseconds: call it off the main thread.
    ///
    /// - Throws: `ink.empty`, `ink.only-dots` and the other reasons why strokes are no signature; `face.…` for a size that
    ///   cannot be.
    public func face(_ color: InkColor = .black, within box: FaceBox = FaceBox()) throws(ESealError) -> SealFace {
        SealFace(try calling { try pad.face(tone: color.generated, within: box.generated) })
    }

    private func number(_ pointer: Int) -> UInt64 {
        UInt64(bitPattern: Int64(pointer))
    }
}

/// Strokes drawn again at the speed they were drawn with. There is no clock inside: the caller says how much time has
/// passed. Wipe the surface before the first answer.
public final class InkReplay: Sendable {
    private let replay: ESealGenerated.InkReplay

    init(_ replay: ESealGenerated.InkReplay) {
        self.replay = replay
    }

    /// From first to last point, ms.
    public var durationMS: Double { replay.durationMs() }
    /// When there is something to paint again, ms from the beginning; `nil` if it is over.
    public var nextMS: Double? { replay.nextMs() }

    /// What to paint for the time until `elapsedMS` from the beginning. Multiply the elapsed time to play faster.
    public func paint(until elapsedMS: Double) -> PadPaint {
        PadPaint(replay.upTo(elapsedMs: elapsedMS))
    }
}
