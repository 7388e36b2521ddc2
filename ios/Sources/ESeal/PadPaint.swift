internal import ESealGenerated
import Foundation

/// What a drawing surface does after an event.
///
/// It keeps a layer: wipes it if ``startsOver``, paints ``stable`` into it, once; then, within ``dirty``, it shows the layer
/// with ``tail`` and, faded, ``predicted`` over it. Tail and prediction belong to one answer only: the next replaces them.
public struct PadPaint: Sendable {
    /// Whether the layer is wiped before ``stable`` is painted.
    public let startsOver: Bool
    /// What will not change until the layer is wiped.
    public let stable: [InkPath]
    /// The end of the growing stroke, as far as is known now.
    public let tail: InkPath
    /// Where the pen will be in a moment.
    public let predicted: InkPath
    /// Where the pad looks different now, mm; `nil` if it does not.
    public let dirty: CGRect?
    /// What of the event was left out, and why.
    public let refused: [RefusedTouch]

    init(_ paint: ESealGenerated.PadPaint) {
        startsOver = paint.startsOver
        stable = paint.stable.map(InkPath.init)
        tail = InkPath(paint.tail)
        predicted = InkPath(paint.predicted)
        dirty = paint.dirty.map {
            CGRect(x: $0.left, y: $0.top, width: $0.right - $0.left, height: $0.bottom - $0.top)
        }
        refused = paint.refused.map { RefusedTouch(index: Int($0.index), code: $0.code) }
    }
}

/// Closed outlines in the pad's millimetres, filled together by the non-zero rule: a sequence of steps for a platform's path.
public struct InkPath: Sendable, Sequence {
    /// A step; the names are those of `CGMutablePath` in short.
    public enum Step: Sendable, Equatable {
        /// An outline begins here. The one before closes itself.
        case move(CGPoint)
        /// Straight to here.
        case line(CGPoint)
        /// By two handles to here.
        case curve(CGPoint, CGPoint, CGPoint)
    }

    private let path: ESealGenerated.InkPath

    init(_ path: ESealGenerated.InkPath) {
        self.path = path
    }

    /// Whether there is nothing to paint.
    public var isEmpty: Bool { path.verbs.isEmpty }

    /// The steps, in the order of drawing.
    public func makeIterator() -> AnyIterator<Step> {
        var verbs = path.verbs.makeIterator()
        var numbers = path.coordinates.makeIterator()
        func point() -> CGPoint {
            CGPoint(x: CGFloat(numbers.next() ?? 0), y: CGFloat(numbers.next() ?? 0))
        }
        return AnyIterator {
            switch verbs.next() {
            case nil: nil
            case 0: .move(point())
            case 1: .line(point())
            default: .curve(point(), point(), point())
            }
        }
    }
}

/// A touch or a point that was left out: a second finger, a palm, a fault of the screen.
public struct RefusedTouch: Sendable, Hashable {
    /// Which of the points handed in, from 0; 0 for a touch.
    public let index: Int
    /// Why: `ink.second-pointer`, `ink.palm`, `ink.glitch` and the like.
    public let code: String
}
