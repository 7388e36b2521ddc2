package cn.eseal.sdk

import cn.eseal.sdk.generated.PageEdge as GeneratedEdge
import cn.eseal.sdk.generated.SignatureLevel as GeneratedLevel
import cn.eseal.sdk.generated.SignatureProfile as GeneratedProfile
import cn.eseal.sdk.generated.StampOrder as GeneratedOrder
import cn.eseal.sdk.generated.StampPlace as GeneratedPlace
import cn.eseal.sdk.generated.StampedDocument as GeneratedStamped
import java.io.File
import java.util.TimeZone

/** Where on a document a seal goes. The seal is fitted into the box and keeps its proportions; sizes are in mm. */
public sealed interface StampPlace {
    /**
     * On a page.
     *
     * @property page from 1; -1 is the last.
     * @property xMm the box's distance from the page's left edge as seen, mm.
     * @property yMm its distance from the page's top edge as seen, mm.
     * @property widthMm its width, mm.
     * @property heightMm its height, mm.
     */
    public data class OnPage(
        public val page: Int,
        public val xMm: Double,
        public val yMm: Double,
        public val widthMm: Double,
        public val heightMm: Double,
    ) : StampPlace

    /**
     * On the middle of a text of the document (关键字定位). [toString] leaves the text out.
     *
     * @property text the text; white space does not count.
     * @property widthMm the box's width, mm.
     * @property heightMm its height, mm.
     * @property occurrence which occurrence, from 1; -1 is the last, 0 is each.
     */
    public data class OnText(
        public val text: String,
        public val widthMm: Double,
        public val heightMm: Double,
        public val occurrence: Int = 1,
    ) : StampPlace {
        override fun toString(): String = "OnText(occurrence=$occurrence)"
    }

    /**
     * One seal cut across the edges of all pages (骑缝章).
     *
     * @property edge which edge, as seen.
     * @property widthMm the whole seal's width, mm.
     * @property heightMm its height, mm.
     */
    public data class AcrossPages(
        public val edge: PageEdge,
        public val widthMm: Double,
        public val heightMm: Double,
    ) : StampPlace
}

/** An edge of a page as seen. */
public enum class PageEdge {
    /** Left. */
    LEFT,

    /** Right. */
    RIGHT,

    /** Top. */
    TOP,

    /** Bottom. */
    BOTTOM,
}

/** How a signature is packed. */
public enum class SignatureProfile {
    /** PAdES baseline. */
    PADES,

    /** What older readers know. */
    COMPAT,
}

/** What a signature brings with it to be believed later (ETSI EN 319 142-1, clause 6). */
public enum class SignatureLevel {
    /** B-B: the signature and its certificate. */
    BASELINE_B,

    /** B-T: with a timestamp. */
    BASELINE_T,

    /** B-LT: with a timestamp and all that is needed to verify later. */
    BASELINE_LT,

    /** B-LTA: as B-LT, and a timestamp over all of that. */
    BASELINE_LTA,
}

/**
 * What to seal, with what, and where. [toString] leaves names and paths out.
 *
 * @property input the document; read by position, never changed.
 * @property output where the sealed document goes: afterwards there is the old file or the whole new one.
 * @property documentName the document's name as the person knows it; goes into the usage record.
 * @property sealId with which seal.
 * @property places where: all of these with one signature; none, and nothing is seen of the seal.
 * @property reason why, where the person said so.
 * @property profile how the signature is packed.
 * @property password what opens the document, UTF-8, if it is encrypted and the empty password does not; wipe your copy.
 * @property level what the signature brings with it; above B-B the platform's pins name an authority.
 * @property utcOffsetMinutes local time minus UTC, minutes (China: 480): how the signing time is spelt.
 */
@Suppress("ArrayInDataClass") // Secrets are not compared.
public data class StampOrder(
    public val input: File,
    public val output: File,
    public val documentName: String,
    public val sealId: String,
    public val places: List<StampPlace>,
    public val reason: String? = null,
    public val profile: SignatureProfile = SignatureProfile.PADES,
    public val level: SignatureLevel = SignatureLevel.BASELINE_B,
    public val password: ByteArray? = null,
    public val utcOffsetMinutes: Int = localOffsetMinutes(),
) {
    override fun toString(): String = "StampOrder(sealId=$sealId, places=$places)"
}

/**
 * A sealed document.
 *
 * @property field the signature's field in the document.
 * @property usageId the platform's record of the use.
 */
public data class StampedDocument(public val field: String, public val usageId: String)

private fun localOffsetMinutes(): Int = TimeZone.getDefault().getOffset(System.currentTimeMillis()) / 60_000

internal fun StampOrder.asGenerated() =
    GeneratedOrder(
        input.path,
        password,
        output.path,
        documentName,
        sealId,
        places.map { it.asGenerated() },
        when (profile) {
            SignatureProfile.PADES -> GeneratedProfile.PADES
            SignatureProfile.COMPAT -> GeneratedProfile.COMPAT
        },
        level.asGenerated(),
        reason,
        // What does not fit is out of range for the library too, and stays so.
        utcOffsetMinutes.coerceIn(Short.MIN_VALUE.toInt(), Short.MAX_VALUE.toInt()).toShort(),
    )

private fun SignatureLevel.asGenerated() =
    when (this) {
        SignatureLevel.BASELINE_B -> GeneratedLevel.BASELINE_B
        SignatureLevel.BASELINE_T -> GeneratedLevel.BASELINE_T
        SignatureLevel.BASELINE_LT -> GeneratedLevel.BASELINE_LT
        SignatureLevel.BASELINE_LTA -> GeneratedLevel.BASELINE_LTA
    }

internal fun GeneratedLevel.asPublic() =
    when (this) {
        GeneratedLevel.BASELINE_B -> SignatureLevel.BASELINE_B
        GeneratedLevel.BASELINE_T -> SignatureLevel.BASELINE_T
        GeneratedLevel.BASELINE_LT -> SignatureLevel.BASELINE_LT
        GeneratedLevel.BASELINE_LTA -> SignatureLevel.BASELINE_LTA
    }

private fun StampPlace.asGenerated(): GeneratedPlace =
    when (this) {
        is StampPlace.OnPage -> GeneratedPlace.OnPage(page, xMm, yMm, widthMm, heightMm)
        is StampPlace.OnText -> GeneratedPlace.OnText(text, occurrence, widthMm, heightMm)
        is StampPlace.AcrossPages -> GeneratedPlace.AcrossPages(edge.asGenerated(), widthMm, heightMm)
    }

private fun PageEdge.asGenerated(): GeneratedEdge =
    when (this) {
        PageEdge.LEFT -> GeneratedEdge.LEFT
        PageEdge.RIGHT -> GeneratedEdge.RIGHT
        PageEdge.TOP -> GeneratedEdge.TOP
        PageEdge.BOTTOM -> GeneratedEdge.BOTTOM
    }

internal fun GeneratedStamped.asPublic() = StampedDocument(field, usageId)
