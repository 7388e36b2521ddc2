package cn.eseal.sdk

import cn.eseal.sdk.generated.CancelHandle
import cn.eseal.sdk.generated.ConsentAttachment
import cn.eseal.sdk.generated.ConsentSession
import cn.eseal.sdk.generated.ConsentText
import cn.eseal.sdk.generated.PhoneSignal as GeneratedSignal

/** Something the phone noticed that goes into the signed answer. */
public enum class PhoneSignal {
    /** An accessibility service that can read or press is on. */
    ACCESSIBILITY_SERVICE,

    /** A debugger is attached. */
    DEBUGGER,

    /** Another window covered the consent. */
    SCREEN_OBSCURED,
}

/**
 * What the person must see before deciding, unchanged and whole: it is part of what is signed. [toString] leaves it out.
 *
 * @property title first line.
 * @property lines the lines after it.
 * @property documents the documents, as fetched and digested by this phone.
 */
public class ConsentReview(
    public val title: String,
    public val lines: List<String>,
    public val documents: List<ConsentDocument>,
)

/**
 * A document that a consent is about.
 *
 * @property name its name.
 * @property mediaType `application/pdf` or `image/svg+xml`.
 * @property bytes its bytes.
 */
public class ConsentDocument(public val name: String, public val mediaType: String, public val bytes: ByteArray)

/**
 * A request that was checked and waits for the person's decision.
 *
 * Threading: safe from any thread, main included; one answer runs at a time.
 * Cancellation: a cancelled or failed answer can be repeated and goes on where it stopped. Before the signature the person is
 * asked again; after it the same signed answer is sent again, and another decision is refused as `consent.over`.
 * Lifetime: as [SealFace]. Closing an unanswered one answers nothing; the request ends by its own time.
 */
public class Consent internal constructor(private val session: ConsentSession) : AutoCloseable {
    /** What the person must see before deciding. */
    public val review: ConsentReview = session.review().asPublic()

    /**
     * The person wants it done. Answers with the platform's receipt, a compact JWS.
     *
     * @throws EsealException `device-key.…`, `consent.expired`, `consent.over`, `network.…`.
     */
    public suspend fun approve(noticed: Set<PhoneSignal> = emptySet(), onStep: ((Step) -> Unit)? = null): String =
        answering { handle -> session.approve(noticed.asGenerated(), heard(onStep), handle) }

    /**
     * The person does not want it. Answers with the platform's receipt, a compact JWS.
     *
     * @throws EsealException as [approve].
     */
    public suspend fun decline(noticed: Set<PhoneSignal> = emptySet(), onStep: ((Step) -> Unit)? = null): String =
        answering { handle -> session.decline(noticed.asGenerated(), heard(onStep), handle) }

    /**
     * The evidence bundle of an answered consent, JSON: what convinces a third party without the platform.
     *
     * @throws EsealException `consent.over` before the answer, `network.…`.
     */
    public suspend fun evidenceJson(): String = answering { handle -> session.evidenceJson(handle) }

    override fun close(): Unit = session.close()

    private suspend fun <T> answering(call: suspend (CancelHandle) -> T): T {
        check(!session.uniffiIsDestroyed) { "this consent is closed" }
        return cancellable(call)
    }
}

private fun ConsentText.asPublic() = ConsentReview(title, lines, documents.map { it.asPublic() })

private fun ConsentAttachment.asPublic() = ConsentDocument(name, mediaType, bytes)

private fun Set<PhoneSignal>.asGenerated(): List<GeneratedSignal> =
    map {
        when (it) {
            PhoneSignal.ACCESSIBILITY_SERVICE -> GeneratedSignal.ACCESSIBILITY_SERVICE
            PhoneSignal.DEBUGGER -> GeneratedSignal.DEBUGGER
            PhoneSignal.SCREEN_OBSCURED -> GeneratedSignal.SCREEN_OBSCURED
        }
    }
