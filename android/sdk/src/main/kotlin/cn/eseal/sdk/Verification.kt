package cn.eseal.sdk

import cn.eseal.sdk.generated.CheckFinding
import cn.eseal.sdk.generated.DocumentVerification
import cn.eseal.sdk.generated.SealFinding
import cn.eseal.sdk.generated.SignatureFinding
import cn.eseal.sdk.generated.TimeSource as GeneratedTimeSource

/** The overall answer. */
public enum class Verdict(internal val wire: String) {
    /** Intact, unchanged or changed only as permitted, and trusted. */
    VALID("valid"),

    /** Nothing speaks against it, but something needed is not known (ETSI EN 319 102-1: INDETERMINATE). */
    INDETERMINATE("indeterminate"),

    /** Something speaks against it. */
    INVALID("invalid"),
}

/** Whether the covered bytes are the signed ones. */
public enum class Integrity(internal val wire: String) {
    /** Digest and signature are right. */
    INTACT("intact"),

    /** Nothing is wrong, but it cannot be shown here: an algorithm or a format that is not read. */
    UNKNOWN("unknown"),

    /** They are not, or something that should show it cannot be read. */
    BROKEN("broken"),
}

/** How much of the file a signature covers. */
public enum class Coverage(internal val wire: String) {
    /** All bytes but the signature value itself. */
    WHOLE("whole"),

    /** All bytes of an earlier revision of the file but the signature value itself. */
    REVISION("revision"),

    /** Less. */
    PARTIAL("partial"),
}

/** What later revisions changed. */
public enum class Changes(internal val wire: String) {
    /** There is no later revision. */
    NONE("none"),

    /** Only what may be added after a signature. */
    PERMITTED("permitted"),

    /** Something else, or something that could not be shown to be permitted. */
    FORBIDDEN("forbidden"),
}

/** Where the signer's certificate leads. */
public enum class Trust(internal val wire: String) {
    /** To a pinned root. */
    TRUSTED("trusted"),

    /** Not to a pinned root. */
    UNTRUSTED("untrusted"),

    /** A certificate on the way was revoked. */
    REVOKED("revoked"),

    /** A certificate on the way was not valid at the time asked for. */
    EXPIRED("expired"),

    /** The certificate could not be judged. */
    UNKNOWN("unknown"),
}

/** Who says when a signature was made. */
public enum class TimeSource {
    /** The signer alone. */
    CLAIMED,

    /** A trusted authority, by a timestamp on the signature. */
    TIMESTAMP,

    /** A trusted authority, by a timestamp on the document. */
    DOCUMENT_TIMESTAMP,
}

/** The outcome of one check. */
public enum class CheckVerdict(internal val wire: String) {
    /** It holds. */
    PASS("pass"),

    /** It does not hold. */
    FAIL("fail"),

    /** It holds, but somebody should look. */
    WARN("warn"),

    /** It could not be made. */
    NOT_CHECKED("not-checked"),
}

/** What a check is about, in the order in which the standards verify. */
public enum class Topic(internal val wire: String) {
    /** How the signature is packed and described. */
    FORM("form"),

    /** Whether it is the signer's, over this content. */
    CONTENT("content"),

    /** What it covers, and what became of the file after it. */
    CHANGES("changes"),

    /** The electronic seal: its maker, its validity, whose it is, where it is seen. */
    SEAL("seal"),

    /** The signer's certificate. */
    SIGNER("signer"),

    /** When it was made. */
    TIME("time"),

    /** Which baseline level it reaches. */
    LEVEL("level"),
}

/**
 * What was found in a document; the same as `eseal verify --json` answers.
 *
 * @property verdict valid if there is a signature, and every one is valid and so is the manifest if there is one; invalid if one of
 * them is; else indeterminate.
 * @property signatures every signature, in the order of the file.
 * @property manifest the integrity manifest of an OFD package (GM/T 0099-2020): a signature over the names of its files, not over what
 * is in them.
 * @property checks what was found about the file as a whole, such as `verify.no-signature`.
 */
public data class Verification(
    public val verdict: Verdict,
    public val signatures: List<VerifiedSignature>,
    public val manifest: VerifiedSignature?,
    public val checks: List<VerificationCheck>,
)

/**
 * What was found about one signature. [toString] leaves the signer out.
 *
 * @property field the name of its field.
 * @property signer common name in the signer's certificate, if that could be read.
 * @property time when, seconds since 1970.
 * @property timeSource who says so.
 * @property level what it brings with it to be believed later, where its profile has levels.
 * @property integrity whether the covered bytes are the signed ones.
 * @property coverage how much of the file it covers.
 * @property changes what later revisions changed.
 * @property trust where the signer's certificate leads.
 * @property verdict all of that together.
 * @property seal the seal that the signature names, if it names one.
 * @property checks each single check.
 */
public data class VerifiedSignature(
    public val field: String,
    public val signer: String?,
    public val time: Long?,
    public val timeSource: TimeSource?,
    public val level: SignatureLevel?,
    public val integrity: Integrity,
    public val coverage: Coverage,
    public val changes: Changes,
    public val trust: Trust,
    public val verdict: Verdict,
    public val seal: VerifiedSeal?,
    public val checks: List<VerificationCheck>,
) {
    override fun toString(): String =
        "VerifiedSignature(field=$field, verdict=$verdict, integrity=$integrity, changes=$changes, trust=$trust)"
}

/** The seal that a signature names. */
public sealed interface VerifiedSeal {
    /**
     * The seal maker's record holds, and names the certificate that signed. [toString] leaves the name out.
     *
     * @property sealId which seal.
     * @property ownerName whose.
     */
    public data class Genuine(public val sealId: String, public val ownerName: String) : VerifiedSeal {
        override fun toString(): String = "Genuine(sealId=$sealId)"
    }

    /**
     * There is a record, and it does not hold or is not for this signature.
     *
     * @property detail for developers.
     */
    public data class NotGenuine(public val detail: String) : VerifiedSeal
}

/**
 * One check and its outcome.
 *
 * @property code stable dotted code; [ReportTexts] has its name.
 * @property topic what it is about.
 * @property clause standard and clause that ask for it; empty if none does.
 * @property verdict the outcome.
 * @property detail what was seen, for developers.
 */
public data class VerificationCheck(
    public val code: String,
    public val topic: Topic,
    public val clause: String,
    public val verdict: CheckVerdict,
    public val detail: String,
)

internal fun DocumentVerification.asPublic() =
    Verification(
        Verdict.entries.named(verdict) { it.wire },
        signatures.map { it.asPublic() },
        manifest?.asPublic(),
        checks.map { it.asPublic() },
    )

private fun SignatureFinding.asPublic() =
    VerifiedSignature(
        field,
        signer,
        time?.toLong(),
        timeSource?.asPublic(),
        level?.asPublic(),
        Integrity.entries.named(integrity) { it.wire },
        Coverage.entries.named(coverage) { it.wire },
        Changes.entries.named(changes) { it.wire },
        Trust.entries.named(trust) { it.wire },
        Verdict.entries.named(verdict) { it.wire },
        seal.asPublic(),
        checks.map { it.asPublic() },
    )

private fun GeneratedTimeSource.asPublic() =
    when (this) {
        GeneratedTimeSource.CLAIMED -> TimeSource.CLAIMED
        GeneratedTimeSource.TIMESTAMP -> TimeSource.TIMESTAMP
        GeneratedTimeSource.DOCUMENT_TIMESTAMP -> TimeSource.DOCUMENT_TIMESTAMP
    }

private fun SealFinding.asPublic(): VerifiedSeal? =
    when (this) {
        SealFinding.None -> null
        is SealFinding.Genuine -> VerifiedSeal.Genuine(sealId, ownerName)
        is SealFinding.NotGenuine -> VerifiedSeal.NotGenuine(detail)
    }

private fun CheckFinding.asPublic() =
    VerificationCheck(code, Topic.entries.named(topic) { it.wire }, clause, CheckVerdict.entries.named(verdict) { it.wire }, detail)

/** Library and package are of one version, so a name that is not there is a defect, and guessing one would be worse. */
private inline fun <E> List<E>.named(name: String, wire: (E) -> String): E =
    firstOrNull { wire(it) == name } ?: error("the library says $name, which this version does not know")
