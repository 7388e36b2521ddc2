package cn.eseal.sdk

import cn.eseal.sdk.harness.SIGNATURE_LINE
import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Test

/** What values and errors look like when an app writes them to its log. */
class LogSafetyTest {
    private val secret = "江小满"

    @Test
    fun `personal data stays out`() {
        val values = listOf(
            Enrolment(secret, "d-1"),
            Seal("s-1", SealKind.HANDWRITTEN, secret, SealState.ACTIVE, secret, 40.0, 20.0, 1, 2),
            UsageRecord("u-1", "s-1", secret, secret, 1),
            StampOrder(File(secret), File(secret), secret, "s-1", listOf(SIGNATURE_LINE, StampPlace.OnText(secret, 1.0, 1.0)), secret),
            ConsentReview(secret, listOf(secret), listOf(ConsentDocument(secret, "application/pdf", ByteArray(0)))),
            ConsentDocument(secret, "application/pdf", secret.encodeToByteArray()),
            ScannedCode(secret, emptyList()),
            VerifiedSignature(
                "f", secret, 1, TimeSource.CLAIMED, SignatureLevel.BASELINE_B, Integrity.INTACT, Coverage.WHOLE,
                Changes.NONE, Trust.TRUSTED, Verdict.VALID, VerifiedSeal.Genuine("s-1", secret), emptyList(),
            ),
            VerifiedSeal.Genuine("s-1", secret),
        )
        for (value in values) {
            assertFalse(secret in value.toString(), value.javaClass.name)
            assertFalse(secret in Progress.Finished(value).toString(), value.javaClass.name)
        }
    }

    @Test
    fun `an error tells code, detail and trace`() {
        val plain = EsealException("network.offline", "no route", retryable = true)
        assertEquals("cn.eseal.sdk.EsealException: network.offline: no route", plain.toString())
        val traced = EsealException("platform.internal", "broken", retryAfterMs = 500, traceId = "t-1")
        assertEquals("cn.eseal.sdk.EsealException: platform.internal: broken (trace t-1)", traced.toString())
    }

    @Test
    fun `a host's exception tells its reason`() {
        val cancelled = DeviceKeyException(DeviceKeyException.Reason.USER_CANCELLED)
        assertEquals("cn.eseal.sdk.DeviceKeyException: USER_CANCELLED", cancelled.toString())
        val damaged = SealedStoreException(SealedStoreException.Reason.DAMAGED, "bad tag")
        assertEquals("cn.eseal.sdk.SealedStoreException: DAMAGED: bad tag", damaged.toString())
    }
}
