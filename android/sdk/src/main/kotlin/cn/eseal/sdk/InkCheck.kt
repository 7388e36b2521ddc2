package cn.eseal.sdk

import cn.eseal.sdk.generated.InkVerdict as GeneratedVerdict
import cn.eseal.sdk.generated.InkReport as GeneratedReport
import cn.eseal.sdk.generated.NameDirection as GeneratedDirection
import cn.eseal.sdk.generated.SignatureContext as GeneratedContext

/** Which way a name runs. */
public enum class NameDirection(internal val generated: GeneratedDirection) {
    /** To the right. */
    ROW(GeneratedDirection.ROW),

    /** Downwards. */
    COLUMN(GeneratedDirection.COLUMN),
}

/**
 * What is known about a signature beside its ink. What is not known is not judged.
 *
 * @property characters how many characters the name has.
 * @property padWidthMm width of the pad, mm; judged where both sides are known.
 * @property padHeightMm its height, mm.
 * @property direction which way the name runs.
 * @property earlier [SignaturePad.digest] of signatures given before, of which this must be no replay.
 */
public class SignatureContext(
    public val characters: Int? = null,
    public val padWidthMm: Double? = null,
    public val padHeightMm: Double? = null,
    public val direction: NameDirection = NameDirection.ROW,
    public val earlier: List<ByteArray> = emptyList(),
) {
    internal fun asGenerated() =
        GeneratedContext(characters?.toUInt(), padWidthMm, padHeightMm, direction.generated, earlier)
}

/** How a rule, or all of them, came out: the worst counts. */
public enum class InkVerdict {
    /** As it should be. */
    PASS,

    /** A person should look, or sign again; it can be used. */
    WARN,

    /** No signature. */
    REJECT,
}

/**
 * One rule and what it found.
 *
 * @property code the code of ink that breaks the rule; [ErrorTexts] has a text for it.
 * @property value the value found: mm, ms, a number or a share, as the rule goes.
 * @property least the least that is wanted.
 * @property most the most that is wanted; the value of `ink.replayed` must stay below it.
 * @property verdict how it came out.
 */
public data class InkFinding(
    public val code: String,
    public val value: Double,
    public val least: Double?,
    public val most: Double?,
    public val verdict: InkVerdict,
)

/**
 * Every rule that could be judged, whether it holds or not.
 *
 * @property verdict the worst of all.
 * @property findings rejections' rules first.
 */
public data class InkReport(public val verdict: InkVerdict, public val findings: List<InkFinding>)

internal fun GeneratedReport.asPublic() =
    InkReport(
        verdict.asPublic(),
        findings.map { InkFinding(it.code, it.value, it.least, it.most, it.verdict.asPublic()) },
    )

private fun GeneratedVerdict.asPublic() = InkVerdict.valueOf(name)
