import Foundation

/// The phone's clocks. ``SystemClocks`` is right for an app; a test brings its own.
public protocol Clocks: Sendable {
    /// Milliseconds of a clock that only runs forward, sleep included. Only differences count.
    func monotonicMilliseconds() -> UInt64

    /// The time by the wall clock, which the user can set.
    func now() -> Date
}

/// The system's clocks.
public struct SystemClocks: Clocks {
    /// The system's clocks.
    public init() {}

    /// Milliseconds since the phone was started, sleep included.
    public func monotonicMilliseconds() -> UInt64 {
        #if os(Linux)
            let clock = CLOCK_BOOTTIME
        #else
            let clock = CLOCK_MONOTONIC_RAW
        #endif
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }

    /// The time by the wall clock.
    public func now() -> Date { Date() }
}
