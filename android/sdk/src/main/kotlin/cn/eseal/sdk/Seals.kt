package cn.eseal.sdk

import cn.eseal.sdk.generated.ClaimTicket
import cn.eseal.sdk.generated.EnrolmentSummary
import cn.eseal.sdk.generated.SealStanding
import cn.eseal.sdk.generated.SealSummary
import cn.eseal.sdk.generated.SealType
import cn.eseal.sdk.generated.UsageSummary

/**
 * Who this phone is. [toString] leaves the name out.
 *
 * @property personName the person's name as registered.
 * @property deviceId the phone's name at the platform.
 */
public data class Enrolment(public val personName: String, public val deviceId: String) {
    override fun toString(): String = "Enrolment(deviceId=$deviceId)"
}

/**
 * A claim under way, to be handed to [Eseal.awaitSeal].
 *
 * Threading: immutable, safe from any thread. Lifetime: as [SealFace].
 */
public class Claim internal constructor(internal val generated: ClaimTicket) : AutoCloseable {
    /** The claim's name. */
    public val claimId: String = generated.claimId()

    /** The seal that will be made. */
    public val sealId: String = generated.sealId()

    override fun close(): Unit = generated.close()
}

/** What kind of seal. */
public enum class SealKind {
    /** A person's hand-drawn signature (个人手绘章). */
    HANDWRITTEN,
}

/** Where a seal stands. */
public enum class SealState {
    /** In use. */
    ACTIVE,

    /** A newer drawing took its place. What it sealed stays valid. */
    REPLACED,
}

/**
 * A seal whose record was verified. [toString] leaves name and face out.
 *
 * @property sealId which seal.
 * @property kind what kind.
 * @property ownerName whose.
 * @property state where it stands.
 * @property faceSvg its face as SVG; [SealFace.fromSvg] reads it.
 * @property widthMm width, mm.
 * @property heightMm height, mm.
 * @property madeAt when it was made, seconds since 1970.
 * @property expiresAt until when it can be used, seconds since 1970.
 */
public data class Seal(
    public val sealId: String,
    public val kind: SealKind,
    public val ownerName: String,
    public val state: SealState,
    public val faceSvg: String,
    public val widthMm: Double,
    public val heightMm: Double,
    public val madeAt: Long,
    public val expiresAt: Long,
) {
    override fun toString(): String = "Seal(sealId=$sealId, kind=$kind, state=$state)"
}

/**
 * One use of a seal, as the platform recorded it (留痕). [toString] leaves the document's name out.
 *
 * @property usageId the record.
 * @property sealId which seal.
 * @property documentName the document's name.
 * @property documentSha256 SHA-256 of the bytes that the signature covers, hexadecimal.
 * @property recordedAt when, seconds since 1970.
 */
public data class UsageRecord(
    public val usageId: String,
    public val sealId: String,
    public val documentName: String,
    public val documentSha256: String,
    public val recordedAt: Long,
) {
    override fun toString(): String = "UsageRecord(usageId=$usageId, sealId=$sealId)"
}

internal fun EnrolmentSummary.asPublic() = Enrolment(personName, deviceId)

internal fun SealSummary.asPublic() =
    Seal(
        sealId,
        when (kind) {
            SealType.HANDWRITTEN -> SealKind.HANDWRITTEN
        },
        ownerName,
        when (standing) {
            SealStanding.ACTIVE -> SealState.ACTIVE
            SealStanding.REPLACED -> SealState.REPLACED
        },
        faceSvg,
        widthMm,
        heightMm,
        madeAt.toLong(),
        expiresAt.toLong(),
    )

internal fun UsageSummary.asPublic() = UsageRecord(usageId, sealId, documentName, documentSha256, recordedAt.toLong())
