package cn.eseal.sdk

/**
 * The host's clocks. Called on the library's threads; must answer at once.
 *
 * A clock that throws or answers a negative number has failed: what it judges is then taken for over or not valid.
 */
public interface Clocks {
    /** Milliseconds of a clock that only runs forward, sleep included: on Android `SystemClock.elapsedRealtime()`. */
    public fun monotonicMs(): Long

    /** Seconds since 1970-01-01T00:00:00Z by the wall clock. */
    public fun unixSeconds(): Long
}
