package cn.eseal.sdk.harness

import cn.eseal.sdk.Clocks
import cn.eseal.sdk.DeviceKey
import cn.eseal.sdk.DeviceKeys
import cn.eseal.sdk.KeyProtection
import cn.eseal.sdk.KeyPrompt
import cn.eseal.sdk.KeyPurpose
import cn.eseal.sdk.SealedStore
import cn.eseal.sdk.UserPresence
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList

/** Keys in memory, as no phone may have them. [beforeSigning] is the user at the prompt. */
class MemoryKeys(
    private val sealing: UserPresence = UserPresence.EachUse,
    @Volatile var beforeSigning: suspend (KeyPurpose, KeyPrompt) -> Unit = { _, _ -> },
) : DeviceKeys {
    private val keys = ConcurrentHashMap<KeyPurpose, KeyPair>()
    val prompts = CopyOnWriteArrayList<KeyPrompt>()

    override suspend fun generate(purpose: KeyPurpose, challenge: ByteArray): DeviceKey {
        val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
        return info(purpose, generator.generateKeyPair().also { keys[purpose] = it })
    }

    override suspend fun key(purpose: KeyPurpose): DeviceKey? = keys[purpose]?.let { info(purpose, it) }

    override suspend fun sign(purpose: KeyPurpose, bytes: ByteArray, prompt: KeyPrompt): ByteArray {
        prompts += prompt
        beforeSigning(purpose, prompt)
        return Signature.getInstance("SHA256withECDSA").run {
            initSign(keys.getValue(purpose).private)
            update(bytes)
            sign()
        }
    }

    override suspend fun delete(purpose: KeyPurpose) {
        keys.remove(purpose)
    }

    private fun info(purpose: KeyPurpose, pair: KeyPair): DeviceKey {
        val presence = when (purpose) {
            KeyPurpose.REQUEST -> UserPresence.NotAsked
            KeyPurpose.CONSENT -> UserPresence.EachUse
            KeyPurpose.SEALING -> sealing
        }
        return DeviceKey(pair.public.encoded, KeyProtection.SOFTWARE_FOR_HARNESS, presence)
    }
}

/** A store in memory. [beforeReading] can fail. */
class MemoryStore(@Volatile var beforeReading: () -> Unit = {}) : SealedStore {
    private val values = ConcurrentHashMap<String, ByteArray>()

    override suspend fun read(name: String): ByteArray? {
        beforeReading()
        return values[name]?.copyOf()
    }

    override suspend fun writeAtomic(name: String, bytes: ByteArray) {
        values[name] = bytes.copyOf()
    }

    override suspend fun delete(name: String) {
        values.remove(name)
    }
}

/** This machine's clocks. */
class MachineClocks : Clocks {
    override fun monotonicMs(): Long = System.nanoTime() / 1_000_000

    override fun unixSeconds(): Long = System.currentTimeMillis() / 1_000
}
