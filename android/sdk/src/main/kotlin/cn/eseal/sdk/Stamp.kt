package cn.eseal.sdk

import cn.eseal.sdk.generated.StampOrder as GeneratedOrder
import cn.eseal.sdk.generated.StampedDocument as GeneratedStamped
import java.io.File
import java.util.TimeZone

/**
 * Where on a document a seal goes. The seal is fitted into the box and keeps its proportions.
 *
 * @property page from 1; -1 is the last.
 * @property xMm the box's distance from the page's left edge as seen, mm.
 * @property yMm its distance from the page's top edge as seen, mm.
 * @property widthMm its width, mm.
 * @property heightMm its height, mm.
 */
public data class StampPlace(
    public val page: Int,
    public val xMm: Double,
    public val yMm: Double,
    public val widthMm: Double,
    public val heightMm: Double,
)

/**
 * What to seal, with what, and where. [toString] leaves names and paths out.
 *
 * @property input the document; read by position, never changed.
 * @property output where the sealed document goes: afterwards there is the old file or the whole new one.
 * @property documentName the document's name as the person knows it; goes into the usage record.
 * @property sealId with which seal.
 * @property place where.
 * @property reason why, where the person said so.
 * @property utcOffsetMinutes local time minus UTC, minutes (China: 480): how the signing time is spelt.
 */
public data class StampOrder(
    public val input: File,
    public val output: File,
    public val documentName: String,
    public val sealId: String,
    public val place: StampPlace,
    public val reason: String? = null,
    public val utcOffsetMinutes: Int = localOffsetMinutes(),
) {
    override fun toString(): String = "StampOrder(sealId=$sealId, place=$place)"
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
        output.path,
        documentName,
        sealId,
        place.page,
        place.xMm,
        place.yMm,
        place.widthMm,
        place.heightMm,
        reason,
        // What does not fit is out of range for the library too, and stays so.
        utcOffsetMinutes.coerceIn(Short.MIN_VALUE.toInt(), Short.MAX_VALUE.toInt()).toShort(),
    )

internal fun GeneratedStamped.asPublic() = StampedDocument(field, usageId)
