package cn.eseal.sdk

import cn.eseal.sdk.generated.CancelHandle
import cn.eseal.sdk.generated.InternalException
import cn.eseal.sdk.generated.SdkException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Runs a long call of the library so that cancelling the coroutine cancels the call.
 *
 * The generated code would abandon the call at cancellation, and what the call has handed to other threads would go on behind
 * the caller's back. This one tells the library to stop and waits until it has: after a `CancellationException` nothing is
 * changed any more.
 * The library is polled on the default dispatcher, so that what it computes between two waits never blocks a main thread.
 */
internal suspend fun <T> cancellable(call: suspend (CancelHandle) -> T): T =
    CancelHandle().use { handle ->
        coroutineScope {
            ensureActive()
            val watch = launch(start = CoroutineStart.UNDISPATCHED) {
                try {
                    awaitCancellation()
                } finally {
                    handle.cancel()
                }
            }
            try {
                withContext(NonCancellable + Dispatchers.Default) { call(handle) }
            } catch (failure: SdkException) {
                // A cancelled coroutine ends by its own cancellation and not by the error that this made.
                ensureActive()
                throw failure.asPublic()
            } catch (failure: InternalException) {
                throw failure.asPublic()
            } finally {
                watch.cancel()
            }
        }
    }

/** Runs a call that changes nothing and can simply be abandoned. */
internal suspend fun <T> abandonable(call: suspend () -> T): T = withContext(Dispatchers.Default) { translated { call() } }
