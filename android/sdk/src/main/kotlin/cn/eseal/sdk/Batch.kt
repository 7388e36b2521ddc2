package cn.eseal.sdk

import cn.eseal.sdk.generated.BatchListener
import cn.eseal.sdk.generated.FlowStep
import cn.eseal.sdk.generated.StampBatch as GeneratedBatch
import cn.eseal.sdk.generated.StampOutcome as GeneratedOutcome

/** What became of one document of a batch. */
public sealed interface StampOutcome {
    /**
     * It is sealed and written.
     *
     * @property document the sealed document.
     */
    public data class Sealed(public val document: StampedDocument) : StampOutcome

    /**
     * It is not, and there is no file.
     *
     * @property reason why; nothing is thrown for a single document.
     */
    public data class Refused(public val reason: EsealException) : StampOutcome
}

/**
 * Documents that were read and digested and wait for the person. It can be sealed once.
 *
 * Threading: safe from any thread, main included.
 * Lifetime: as [SealFace]; until it is sealed or closed the documents stay open.
 */
public class StampBatch internal constructor(private val batch: GeneratedBatch) : AutoCloseable {
    /** How many documents can be sealed. */
    public val documents: Int = batch.documents().toInt()

    /**
     * How often the person will be asked to unlock the key, at least: once with a key that has a window of presence, once for
     * each document without. Say so before [seal].
     */
    public val prompts: Int = batch.prompts().toInt()

    /** What is wrong with each document, in the order of the orders; `null` where it can be sealed. */
    public val refusals: List<EsealException?> = batch.refusals().map { it?.asPublic() }

    /**
     * Seals the documents one after the other; each has an outcome of its own, in the order of the orders. When the person
     * dismisses a prompt, the documents after it are not asked about (`batch.not-asked`). Cancelling stops before the next
     * document; what is written stays.
     *
     * @param onStep hears each step with the document's place in the orders, from 0.
     * @throws EsealException `batch.empty` when it was sealed already.
     */
    public suspend fun seal(onStep: ((document: Int, step: Step) -> Unit)? = null): List<StampOutcome> {
        check(!batch.uniffiIsDestroyed) { "this batch is closed" }
        return cancellable { handle -> batch.seal(heardBatch(onStep), handle).map { it.asPublic() } }
    }

    override fun close(): Unit = batch.close()
}

/** [onStep] as the library hears it. */
internal fun heardBatch(onStep: ((Int, Step) -> Unit)?): BatchListener? = onStep?.let(::HeardBatch)

private class HeardBatch(private val onStep: (Int, Step) -> Unit) : BatchListener {
    override fun onStep(document: UInt, step: FlowStep) {
        try {
            onStep(document.toInt(), step.asPublic())
        } catch (_: Throwable) {
            // A view that cannot show a step is no reason to stop a signature, and this thread is the library's.
        }
    }
}

private fun GeneratedOutcome.asPublic(): StampOutcome =
    when (this) {
        is GeneratedOutcome.Sealed -> StampOutcome.Sealed(document.asPublic())
        is GeneratedOutcome.Refused -> StampOutcome.Refused(error.asPublic())
    }
