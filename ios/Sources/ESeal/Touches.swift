internal import ESealGenerated

/// One point of a stroke.
public struct TouchSample: Sendable, Hashable {
    /// To the right, mm.
    public var xMM: Double
    /// Downwards, mm.
    public var yMM: Double
    /// When the event happened (`UITouch.timestamp`, not when it was handled), ms; only differences count.
    public var timeMS: Double
    /// How hard a stylus presses, 0 to 1; nothing for a finger.
    public var force: Float?
    /// How a stylus leans; nothing for a finger.
    public var tilt: TouchTilt?

    /// A point.
    public init(xMM: Double, yMM: Double, timeMS: Double, force: Float? = nil, tilt: TouchTilt? = nil) {
        self.xMM = xMM
        self.yMM = yMM
        self.timeMS = timeMS
        self.force = force
        self.tilt = tilt
    }

    var generated: ESealGenerated.TouchSample {
        ESealGenerated.TouchSample(
            xMm: xMM,
            yMm: yMM,
            tMs: timeMS,
            force: force,
            tilt: tilt.map { ESealGenerated.TouchTilt(altitudeDeg: $0.altitude, azimuthDeg: $0.azimuth) }
        )
    }
}

/// How a stylus leans.
public struct TouchTilt: Sendable, Hashable {
    /// From the pad's plane, degrees: 90 stands upright.
    public var altitude: Float
    /// Where its upper end points, degrees: 0 is right, 90 down.
    public var azimuth: Float

    /// A tilt.
    public init(altitude: Float, azimuth: Float) {
        self.altitude = altitude
        self.azimuth = azimuth
    }
}

/// What touches the pad.
public enum TouchTool: Sendable, Hashable {
    /// A finger, or a pen that the screen takes for one.
    case finger
    /// A pen that the screen knows as one.
    case stylus
    /// A mouse or touchpad.
    case mouse

    fileprivate var generated: ESealGenerated.TouchTool {
        switch self {
        case .finger: .finger
        case .stylus: .stylus
        case .mouse: .mouse
        }
    }
}

/// What touches the pad, and how.
public struct TouchContact: Sendable, Hashable {
    /// A number for it, the same as long as it touches; the hash of its `UITouch` will do.
    public var pointer: Int
    /// What it is.
    public var tool: TouchTool
    /// How large it is across its longer axis, mm (twice `UITouch.majorRadius`): palms are large.
    public var contactMM: Double?
    /// Time of the event, ms; without it, fingers are not held off after a stylus.
    public var timeMS: Double?

    /// A contact; without arguments a finger of which nothing is known.
    public init(pointer: Int = 0, tool: TouchTool = .finger, contactMM: Double? = nil, timeMS: Double? = nil) {
        self.pointer = pointer
        self.tool = tool
        self.contactMM = contactMM
        self.timeMS = timeMS
    }

    var generated: ESealGenerated.TouchContact {
        ESealGenerated.TouchContact(
            pointer: UInt64(bitPattern: Int64(pointer)),
            tool: tool.generated,
            contactMm: contactMM,
            tMs: timeMS
        )
    }
}

/// What a pad shows beyond the last point, so that the ink keeps up with the hand; it is never part of the signature.
public enum Ahead: Sendable, Hashable {
    /// Nothing.
    case nothing
    /// Where the last points lead to, 16 ms ahead.
    case fitted
    /// What the system predicts (`UIEvent.predictedTouches`), in the order of time.
    case reported([TouchSample])

    var generated: LookAhead {
        switch self {
        case .nothing: .nothing
        case .fitted: .fitted
        case let .reported(samples): .reported(samples: samples.map(\.generated))
        }
    }
}
