package cn.eseal.sdk

import cn.eseal.sdk.generated.CancelHandle
import cn.eseal.sdk.generated.EsealClient
import cn.eseal.sdk.generated.PlatformPins as GeneratedPins
import cn.eseal.sdk.generated.TextLocale
import java.io.File
import java.util.Locale

/**
 * The SDK: one for the whole app.
 *
 * Threading: safe from any thread; every `suspend` function may be called from the main thread and does its work elsewhere.
 * Steps are told on the library's threads; what a listener throws is passed over.
 *
 * Cancellation: cancelling the coroutine cancels the call, which then throws `CancellationException` as soon as the library has
 * stopped. Nothing is half done, and a cancelled or failed call can be repeated.
 *
 * Lifetime: holds native memory until [close]. Closing twice is fine and does not end calls under way; a call after [close]
 * throws [IllegalStateException].
 *
 * Errors: [EsealException], by its `code`.
 */
public class Eseal private constructor(private val client: EsealClient) : AutoCloseable {
    /**
     * A client over HTTPS with the pinned roots. Reaches for nothing yet. The first object of the process loads the native
     * library, which takes some tens of milliseconds.
     *
     * @throws EsealException `sdk.misconfigured`, `cert.…`.
     */
    public constructor(pins: PlatformPins, keys: DeviceKeys, store: SealedStore, clocks: Clocks) :
        this(translated { EsealClient(pins.asGenerated(), KeysPort(keys), StorePort(store), ClockPort(clocks)) })

    /**
     * Signs the account in and makes this phone one of the person's. New keys take the place of earlier ones.
     *
     * @param password UTF-8. The library wipes its copy; this array is for the caller to wipe.
     * @throws EsealException `auth.bad-credentials`, `auth.too-many-tries`, `device-key.…`, `store.…`, `network.…`.
     */
    public suspend fun enrol(account: String, password: ByteArray, onStep: ((Step) -> Unit)? = null): Enrolment =
        calling { handle -> client.enrol(account, password, heard(onStep), handle).asPublic() }

    /**
     * Who this phone is.
     *
     * @throws EsealException `sdk.not-enrolled`, `store.…`.
     */
    public suspend fun enrolment(): Enrolment {
        checkOpen()
        return abandonable { client.enrolment().asPublic() }
    }

    /**
     * Hands in a drawn face. On the portal the person now asks for the seal (立即领取) and scans its code.
     *
     * @throws EsealException `claim.bad-face`, `sdk.not-enrolled`, `network.…`.
     */
    public suspend fun claimHandwritten(face: SealFace, onStep: ((Step) -> Unit)? = null): Claim =
        calling { handle -> Claim(client.claimHandwritten(face.generated, heard(onStep), handle)) }

    /**
     * Waits until the claim is decided, for as long as that takes; the seal that was made.
     *
     * @throws EsealException `claim.withdrawn`, `network.…`.
     */
    public suspend fun awaitSeal(claim: Claim, onStep: ((Step) -> Unit)? = null): Seal =
        calling { handle -> client.awaitSeal(claim.generated, heard(onStep), handle).asPublic() }

    /**
     * The person's seals, newest first.
     *
     * @throws EsealException `sdk.not-enrolled`, `statement.…`, `network.…`.
     */
    public suspend fun seals(): List<Seal> = calling { handle -> client.seals(handle).map { it.asPublic() } }

    /**
     * What the person's seals were used for (留痕), newest first.
     *
     * @throws EsealException as [seals].
     */
    public suspend fun usageRecords(): List<UsageRecord> =
        calling { handle -> client.usageRecords(handle).map { it.asPublic() } }

    /** Tells the platform's codes from all others. Nobody is asked and nothing is opened. */
    public fun judgeScanned(scanned: String): ScannedText = client.judgeScanned(scanned).asPublic()

    /**
     * Opens the request behind a scanned code and checks all of it: who asks, whom, for what, and every document.
     *
     * @param scanned the code's text, as [scanFrame] read it.
     * @param locale the language of what the person reads and signs: Chinese for Chinese, English for all others.
     * @throws EsealException `consent.not-ours` for any other code, `consent.frame-expired` for a photograph of an old one,
     *   `consent.not-for-you`, `consent.forged`, `consent.…`, `sdk.not-enrolled`, `network.…`.
     */
    public suspend fun openConsent(
        scanned: String,
        locale: Locale = Locale.getDefault(),
        onStep: ((Step) -> Unit)? = null,
    ): Consent {
        val language = if (locale.isChinese) TextLocale.CHINESE else TextLocale.ENGLISH
        return calling { handle -> Consent(client.openConsent(scanned, language, heard(onStep), handle)) }
    }

    /**
     * Seals a PDF, which never leaves the phone, and records the use. From [Step.WRITING_DOCUMENT] on, cancelling comes too
     * late: the sealed file is there, whole.
     *
     * @throws EsealException `pdf.…`, `seal.…`, `device-key.…`, `network.…`.
     */
    public suspend fun stamp(order: StampOrder, onStep: ((Step) -> Unit)? = null): StampedDocument =
        calling { handle -> client.stamp(order.asGenerated(), heard(onStep), handle).asPublic() }

    /**
     * Reads and digests documents that are to be sealed together, at most 100; nothing is asked of the person yet. What is
     * wrong with one of them is said by [StampBatch.refusals].
     *
     * @param onStep hears each step with the document's place in [orders], from 0.
     * @throws EsealException `batch.empty`, `batch.too-many-documents`, `sdk.not-enrolled`, `device-key.…`.
     */
    public suspend fun prepareBatch(
        orders: List<StampOrder>,
        onStep: ((document: Int, step: Step) -> Unit)? = null,
    ): StampBatch = calling { handle ->
        StampBatch(client.prepareBatch(orders.map { it.asGenerated() }, heardBatch(onStep), handle))
    }

    /**
     * Verifies a document against the pinned roots; needs neither an account nor the network. A signature that does not hold is
     * a finding, no error. When cancelled it returns at once, and the file may be read for a moment longer.
     *
     * @param password what opens it, UTF-8, if it is encrypted and the empty password does not; wipe your copy.
     * @throws EsealException `pdf.…` when the document cannot be read.
     */
    public suspend fun verify(
        document: File,
        password: ByteArray? = null,
        onStep: ((Step) -> Unit)? = null,
    ): Verification {
        checkOpen()
        return abandonable { client.verify(document.path, password, heard(onStep)).asPublic() }
    }

    override fun close(): Unit = client.close()

    private suspend fun <T> calling(call: suspend (CancelHandle) -> T): T {
        checkOpen()
        return cancellable(call)
    }

    private fun checkOpen() = check(!client.uniffiIsDestroyed) { "this Eseal is closed" }
}

private fun PlatformPins.asGenerated() = GeneratedPins(baseUrl, tlsRootsPem, platformRootsPem, linkHost, timestampUrl)
