package cn.eseal.sdk

import cn.eseal.sdk.generated.HostClock
import cn.eseal.sdk.generated.HostClockException
import cn.eseal.sdk.generated.HostKey
import cn.eseal.sdk.generated.HostKeyException
import cn.eseal.sdk.generated.HostKeyProtection
import cn.eseal.sdk.generated.HostKeyPurpose
import cn.eseal.sdk.generated.HostKeys
import cn.eseal.sdk.generated.HostPrompt
import cn.eseal.sdk.generated.HostStore
import cn.eseal.sdk.generated.HostStoreException
import cn.eseal.sdk.generated.HostUserPresence
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/** The host's ports as the library calls them. Nothing but the library's own exceptions may leave through here. */
internal class KeysPort(private val keys: DeviceKeys) : HostKeys {
    override suspend fun generate(purpose: HostKeyPurpose, challenge: ByteArray): HostKey =
        guarded { keys.generate(purpose.asPublic(), challenge).asGenerated() }

    override suspend fun key(purpose: HostKeyPurpose): HostKey? = guarded { keys.key(purpose.asPublic())?.asGenerated() }

    override suspend fun sign(purpose: HostKeyPurpose, bytes: ByteArray, prompt: HostPrompt): ByteArray =
        guarded { keys.sign(purpose.asPublic(), bytes, prompt.asPublic()) }

    override suspend fun delete(purpose: HostKeyPurpose) = guarded { keys.delete(purpose.asPublic()) }

    private suspend fun <T> guarded(call: suspend () -> T): T =
        guarded(call) { thrown ->
            if (thrown is DeviceKeyException) thrown.asGenerated() else HostKeyException.Unexpected(origin(thrown))
        }
}

internal class StorePort(private val store: SealedStore) : HostStore {
    override suspend fun read(name: String): ByteArray? = guarded { store.read(name) }

    override suspend fun writeAtomic(name: String, bytes: ByteArray) = guarded { store.writeAtomic(name, bytes) }

    override suspend fun delete(name: String) = guarded { store.delete(name) }

    private suspend fun <T> guarded(call: suspend () -> T): T =
        guarded(call) { thrown ->
            if (thrown is SealedStoreException) thrown.asGenerated() else HostStoreException.Unexpected(origin(thrown))
        }
}

internal class ClockPort(private val clocks: Clocks) : HostClock {
    override fun monotonicMs(): ULong = reading { clocks.monotonicMs() }

    override fun unixSeconds(): ULong = reading { clocks.unixSeconds() }

    private fun reading(read: () -> Long): ULong {
        val value = try {
            read()
        } catch (_: Throwable) {
            throw HostClockException.Failed()
        }
        return if (value < 0) throw HostClockException.Failed() else value.toULong()
    }
}

/**
 * Runs the host's code. The generated code lets an [Error], such as a missing class, end the coroutine without an answer, and
 * the library would wait for ever: so everything that can be thrown becomes an answer here.
 */
private suspend fun <T> guarded(call: suspend () -> T, translate: (Throwable) -> Exception): T =
    try {
        call()
    } catch (cancelled: CancellationException) {
        // Either the library wants no answer any more, or something of the host's own was cancelled or timed out.
        currentCoroutineContext().ensureActive()
        throw translate(cancelled)
    } catch (thrown: Throwable) {
        throw translate(thrown)
    }

/** What was thrown and where. Not its message: that could hold anything. */
private fun origin(thrown: Throwable): String {
    val place = thrown.stackTrace.firstOrNull() ?: return thrown.javaClass.name
    return "${thrown.javaClass.name} at $place"
}

private fun DeviceKeyException.asGenerated(): HostKeyException =
    when (reason) {
        DeviceKeyException.Reason.USER_CANCELLED -> HostKeyException.UserCancelled()
        DeviceKeyException.Reason.LOCKED_OUT -> HostKeyException.LockedOut()
        DeviceKeyException.Reason.INVALIDATED -> HostKeyException.Invalidated()
        DeviceKeyException.Reason.NOT_ENROLLED -> HostKeyException.NotEnrolled()
        DeviceKeyException.Reason.HARDWARE_UNAVAILABLE -> HostKeyException.HardwareUnavailable()
        DeviceKeyException.Reason.WRONG_PURPOSE -> HostKeyException.WrongPurpose()
        DeviceKeyException.Reason.UNEXPECTED -> HostKeyException.Unexpected(detail)
    }

private fun SealedStoreException.asGenerated(): HostStoreException =
    when (reason) {
        SealedStoreException.Reason.LOCKED -> HostStoreException.Locked()
        SealedStoreException.Reason.FULL -> HostStoreException.Full()
        SealedStoreException.Reason.DAMAGED -> HostStoreException.Damaged()
        SealedStoreException.Reason.UNEXPECTED -> HostStoreException.Unexpected(detail)
    }

private fun HostKeyPurpose.asPublic(): KeyPurpose =
    when (this) {
        HostKeyPurpose.REQUEST -> KeyPurpose.REQUEST
        HostKeyPurpose.CONSENT -> KeyPurpose.CONSENT
        HostKeyPurpose.SEALING -> KeyPurpose.SEALING
    }

private fun HostPrompt.asPublic() = KeyPrompt(key, params.associate { it.name to it.value })

private fun DeviceKey.asGenerated(): HostKey {
    val place = when (protection) {
        KeyProtection.STRONG_BOX -> HostKeyProtection.STRONG_BOX
        KeyProtection.TRUSTED_ENVIRONMENT -> HostKeyProtection.TRUSTED_ENVIRONMENT
        KeyProtection.SOFTWARE_FOR_HARNESS -> HostKeyProtection.SOFTWARE_FOR_HARNESS
    }
    val presence = when (val presence = presence) {
        UserPresence.NotAsked -> HostUserPresence.NotAsked
        UserPresence.EachUse -> HostUserPresence.EachUse
        is UserPresence.Window -> HostUserPresence.Window(presence.seconds.toUShort())
    }
    return HostKey(publicKey, place, presence, attestation)
}
