package cn.eseal.sdk

import cn.eseal.sdk.generated.LookAhead
import cn.eseal.sdk.generated.TouchContact as GeneratedContact
import cn.eseal.sdk.generated.TouchSample as GeneratedSample
import cn.eseal.sdk.generated.TouchTilt as GeneratedTilt
import cn.eseal.sdk.generated.TouchTool as GeneratedTool

/**
 * One point of a stroke.
 *
 * @property xMm to the right, mm.
 * @property yMm downwards, mm.
 * @property tMs time of the event (not of its handling), ms.
 * @property force how hard a stylus presses, 0 to 1; `null` for a finger.
 * @property tilt how a stylus leans; `null` for a finger.
 */
public data class TouchSample(
    public val xMm: Double,
    public val yMm: Double,
    public val tMs: Double,
    public val force: Float? = null,
    public val tilt: TouchTilt? = null,
) {
    internal fun asGenerated() =
        GeneratedSample(xMm, yMm, tMs, force, tilt?.run { GeneratedTilt(altitudeDeg, azimuthDeg) })
}

/**
 * How a stylus leans.
 *
 * @property altitudeDeg from the pad's plane, degrees: 90 stands upright.
 * @property azimuthDeg where its upper end points, degrees: 0 is right, 90 down.
 */
public data class TouchTilt(public val altitudeDeg: Float, public val azimuthDeg: Float)

/** What touches the pad. */
public enum class TouchTool(internal val generated: GeneratedTool) {
    /** A finger, or a pen that the screen takes for one. */
    FINGER(GeneratedTool.FINGER),

    /** A pen that the screen knows as one. */
    STYLUS(GeneratedTool.STYLUS),

    /** A mouse or touchpad. */
    MOUSE(GeneratedTool.MOUSE),
}

/**
 * What touches the pad, and how.
 *
 * @property pointer the platform's number for it, as long as it touches: `MotionEvent.getPointerId`.
 * @property tool what it is.
 * @property contactMm how large it is across its longer axis, mm (`MotionEvent.getTouchMajor`): palms are large.
 * @property tMs time of the event, ms; without it, fingers are not held off after a stylus.
 */
public data class TouchContact(
    public val pointer: Int = 0,
    public val tool: TouchTool = TouchTool.FINGER,
    public val contactMm: Double? = null,
    public val tMs: Double? = null,
) {
    internal fun asGenerated() = GeneratedContact(pointer.toULong(), tool.generated, contactMm, tMs)
}

/** What a pad shows beyond the last point, so that the ink keeps up with the hand; it is never part of the signature. */
public sealed interface Ahead {
    /** Nothing. */
    public data object Nothing : Ahead

    /** Where the last points lead to, 16 ms ahead. */
    public data object Fitted : Ahead

    /**
     * What the system predicts.
     *
     * @property samples points in the order of time.
     */
    public data class Reported(public val samples: List<TouchSample>) : Ahead
}

internal fun Ahead.asGenerated(): LookAhead =
    when (this) {
        Ahead.Nothing -> LookAhead.Nothing
        Ahead.Fitted -> LookAhead.Fitted
        is Ahead.Reported -> LookAhead.Reported(samples.map { it.asGenerated() })
    }
