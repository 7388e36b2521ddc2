package cn.eseal.sdk

import cn.eseal.sdk.harness.Phone
import cn.eseal.sdk.harness.ReferencePlatform
import cn.eseal.sdk.harness.stampOrder
import java.io.File
import java.util.Collections
import java.util.concurrent.Executors
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.ExtendWith
import org.junit.jupiter.api.io.TempDir

@ExtendWith(ReferencePlatform.Shared::class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // A call that cannot be cancelled cannot be interrupted.
class CancellationTest(private val platform: ReferencePlatform, @param:TempDir private val folder: File) {
    private val jiang = platform.jiang

    /** A user who never touches the sensor, and whether the prompt went away. */
    private class StandingPrompt(phone: Phone, purpose: KeyPurpose) {
        val shown = CompletableDeferred<Unit>()
        val gone = CompletableDeferred<Unit>()

        init {
            phone.keys.beforeSigning = { asked, _ ->
                if (asked == purpose) {
                    shown.complete(Unit)
                    try {
                        awaitCancellation()
                    } finally {
                        gone.complete(Unit)
                    }
                }
            }
        }
    }

    private suspend fun CoroutineScope.cancelledAt(signal: Deferred<Unit>, call: suspend () -> Any): Throwable {
        val running = async { call() }
        signal.await()
        running.cancel()
        return try {
            running.await()
            error("it went through")
        } catch (thrown: CancellationException) {
            thrown
        }
    }

    @Test
    fun `a cancelled wait ends, and the client goes on`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            phone.claim().use { claim ->
                val waiting = CompletableDeferred<Unit>()
                supervisorScope { cancelledAt(waiting) { phone.eseal.awaitSeal(claim) { waiting.complete(Unit) } } }
                phone.scan(jiang).use { it.approve() }
                assertEquals(claim.sealId, phone.eseal.awaitSeal(claim).sealId)
            }
        }
    }

    @Test
    fun `cancelling takes the prompt away, and the consent can be repeated`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            phone.claim().use { claim ->
                phone.scan(jiang).use { consent ->
                    val prompt = StandingPrompt(phone, KeyPurpose.CONSENT)
                    supervisorScope { cancelledAt(prompt.shown) { consent.approve() } }
                    withTimeout(10_000) { prompt.gone.await() }
                    phone.keys.beforeSigning = { _, _ -> }
                    consent.approve()
                }
                assertEquals(claim.sealId, phone.eseal.awaitSeal(claim).sealId)
            }
        }
    }

    @Test
    fun `a cancelled stamp leaves no file and no record`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val order = stampOrder(phone.seal(jiang), folder.resolve("sealed.pdf"))
            val uses = phone.eseal.usageRecords().size
            val prompt = StandingPrompt(phone, KeyPurpose.SEALING)
            supervisorScope { cancelledAt(prompt.shown) { phone.eseal.stamp(order) } }
            withTimeout(10_000) { prompt.gone.await() }
            assertTrue(folder.list().orEmpty().isEmpty())
            phone.keys.beforeSigning = { _, _ -> }
            assertEquals(uses, phone.eseal.usageRecords().size)
            phone.eseal.stamp(order)
            assertEquals(Verdict.VALID, phone.eseal.verify(order.output).verdict)
        }
    }

    @Test
    fun `cancelling while the file is written comes too late and waits for the whole file`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val order = stampOrder(phone.seal(jiang), folder.resolve("sealed.pdf"))
            supervisorScope {
                lateinit var running: Deferred<StampedDocument>
                running = async(start = CoroutineStart.LAZY) {
                    phone.eseal.stamp(order) { step -> if (step == Step.WRITING_DOCUMENT) running.cancel() }
                }
                running.start()
                running.join()
                assertTrue(running.isCancelled)
            }
            assertEquals(Verdict.VALID, phone.eseal.verify(order.output).verdict)
        }
    }

    @Test
    fun `a timeout is a cancellation`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            phone.claim().use { claim ->
                val timeout = try {
                    withTimeout(300) { phone.eseal.awaitSeal(claim) }
                    null
                } catch (thrown: TimeoutCancellationException) {
                    thrown
                }
                assertNotNull(timeout)
            }
        }
    }

    @Test
    fun `a cancelled coroutine does not begin a call`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            val asked = phone.keys.prompts.size
            val running = async(start = CoroutineStart.UNDISPATCHED) {
                coroutineContext.cancel()
                phone.eseal.seals()
            }
            running.join()
            assertTrue(running.isCancelled)
            assertEquals(asked, phone.keys.prompts.size)
        }
    }

    @Test
    fun `leaving a flow cancels the call`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            phone.claim().use { claim ->
                val first = withTimeout(20_000) { progressOf { onStep -> phone.eseal.awaitSeal(claim, onStep) }.first() }
                assertEquals(Progress.Running(Step.AWAITING_CONSENT), first)
            }
        }
    }

    @Test
    fun `nothing of a call runs on the caller's thread`() {
        val threads = Collections.synchronizedSet(mutableSetOf<Thread>())
        Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { main ->
            runBlocking(main) {
                val mainThread = Thread.currentThread()
                Phone(platform).use { phone ->
                    phone.keys.beforeSigning = { _, _ -> threads += Thread.currentThread() }
                    phone.store.beforeReading = { threads += Thread.currentThread() }
                    phone.eseal.enrol(jiang.name, jiang.password.encodeToByteArray()) { threads += Thread.currentThread() }
                    phone.eseal.seals()
                    assertEquals(mainThread, Thread.currentThread(), "the coroutine itself comes back")
                }
                assertFalse(mainThread in threads)
                assertTrue(threads.isNotEmpty())
            }
        }
    }

    @Test
    fun `many calls at a time`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            val expected = phone.eseal.seals()
            List(12) { async { phone.eseal.seals() } }.forEach { assertEquals(expected, it.await()) }
        }
    }
}
