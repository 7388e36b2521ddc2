package cn.eseal.sdk

import cn.eseal.sdk.harness.Account
import cn.eseal.sdk.harness.Fixtures
import cn.eseal.sdk.harness.MachineClocks
import cn.eseal.sdk.harness.MemoryKeys
import cn.eseal.sdk.harness.MemoryStore
import cn.eseal.sdk.harness.Phone
import cn.eseal.sdk.harness.ReferencePlatform
import cn.eseal.sdk.harness.refused
import java.util.Locale
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith

/** What must not go through, and what the app is told then. */
@ExtendWith(ReferencePlatform.Shared::class)
class RefusalsTest(private val platform: ReferencePlatform) {
    private val jiang = platform.jiang

    @Test
    fun `a wrong password`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val refusal = refused { phone.enrol(Account(platform.luo.name, "wrong", "")) }
            assertEquals("auth.bad-credentials", refusal.code)
            assertFalse(refusal.retryable)
            assertNull(refusal.retryAfterMs)
            assertNotNull(refusal.traceId)
            assertEquals("auth.bad-credentials: ${refusal.detail} (trace ${refusal.traceId})", refusal.message)
            assertEquals("cn.eseal.sdk.EsealException: ${refusal.message}", refusal.toString())
        }
    }

    @Test
    fun `a password that is not UTF-8`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val refusal = refused { phone.eseal.enrol(jiang.name, byteArrayOf(-1, -2)) }
            assertEquals("sdk.bad-argument", refusal.code)
        }
    }

    @Test
    fun `a phone that is not enrolled`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            assertEquals("sdk.not-enrolled", refused { phone.eseal.enrolment() }.code)
            assertEquals("sdk.not-enrolled", refused { phone.eseal.seals() }.code)
            assertEquals("sdk.not-enrolled", refused { phone.claim() }.code)
        }
    }

    @Test
    fun `codes that are not the platform's`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            for (code in listOf("HTTPS://EVIL.EXAMPLE/C/1/AAAA.1.BBBB", "weixin://pay", "江西", "")) {
                assertEquals("consent.not-ours", refused { phone.eseal.openConsent(code) }.code, code)
            }
        }
    }

    @Test
    fun `somebody else's request`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            Phone(platform).use { other ->
                phone.enrol(jiang)
                other.enrol(platform.luo)
                phone.claim().use {
                    val refusal = refused { other.eseal.openConsent(phone.codeOnScreen(jiang)) }
                    assertEquals("consent.not-for-you", refusal.code)
                }
            }
        }
    }

    @Test
    fun `the user dismisses the prompt, and consents at the second try`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            phone.claim().use { claim ->
                phone.scan(jiang).use { consent ->
                    phone.keys.beforeSigning = { purpose, _ ->
                        if (purpose == KeyPurpose.CONSENT) throw DeviceKeyException(DeviceKeyException.Reason.USER_CANCELLED)
                    }
                    val refusal = refused { consent.approve() }
                    assertEquals("device-key.user-cancelled: the user cancelled", refusal.message)
                    assertTrue(refusal.retryable)

                    phone.keys.beforeSigning = { _, _ -> }
                    consent.approve()
                }
                assertEquals(claim.sealId, phone.eseal.awaitSeal(claim).sealId)
            }
        }
    }

    @Test
    fun `every reason of the keys has its code`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            val codes = DeviceKeyException.Reason.entries.associateWith { reason ->
                phone.keys.beforeSigning = { _, _ -> throw DeviceKeyException(reason, "why") }
                refused { phone.eseal.seals() }.code
            }
            assertEquals(
                DeviceKeyException.Reason.entries.associateWith { "device-key." + it.name.lowercase().replace('_', '-') },
                codes,
            )
        }
    }

    @Test
    fun `keys that throw anything at all`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            val thrown = listOf(
                IllegalStateException("江小满 360000"),
                StackOverflowError(),
                NoClassDefFoundError("androidx/biometric/BiometricPrompt"),
                CancellationException("the host's own"),
            )
            for (what in thrown) {
                phone.keys.beforeSigning = { _, _ -> throw what }
                // An unanswered key would keep the library waiting for ever.
                val refusal = withTimeout(20_000) { refused { phone.eseal.seals() } }
                assertEquals("device-key.unexpected", refusal.code)
                assertTrue(what.javaClass.name in refusal.detail, refusal.detail)
                assertFalse("江小满" in refusal.toString(), "what the host's message says stays on the host's side")
            }
            phone.keys.beforeSigning = { _, _ -> }
            phone.eseal.seals()
        }
    }

    @Test
    fun `a signature by another key than the known one goes nowhere`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            phone.keys.beforeSigning = { purpose, _ -> phone.keys.generate(purpose, ByteArray(0)) }
            assertEquals("custody.bad-signature", refused { phone.eseal.seals() }.code)
        }
    }

    @Test
    fun `a store that fails`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            val codes = SealedStoreException.Reason.entries.map { reason ->
                phone.store.beforeReading = { throw SealedStoreException(reason) }
                refused { phone.eseal.enrolment() }.code
            }
            assertEquals(listOf("store.locked", "store.full", "store.damaged", "store.unexpected"), codes)
            phone.store.beforeReading = { error("江小满") }
            val refusal = refused { phone.eseal.enrolment() }
            assertEquals("store.unexpected", refusal.code)
            assertFalse("江小满" in refusal.toString())
        }
    }

    @Test
    fun `clocks that fail`(): Unit = runBlocking {
        for (broken in listOf({ error("no clock") }, { -1L })) {
            val clocks = object : Clocks {
                override fun monotonicMs(): Long = broken()

                override fun unixSeconds(): Long = broken()
            }
            Phone(platform).use { good ->
                Phone(platform, clocks).use { phone ->
                    good.enrol(jiang)
                    good.claim().use {
                        val refusal = refused {
                            phone.enrol(jiang)
                            phone.eseal.openConsent(good.codeOnScreen(jiang)).approve()
                        }
                        assertEquals("consent.expired", refusal.code, "what no clock can judge is over")
                    }
                }
            }
        }
    }

    @Test
    fun `a listener that throws changes nothing`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.eseal.enrol(jiang.name, jiang.password.encodeToByteArray()) { throw AssertionError("a broken view") }
            assertEquals(jiang.personName, phone.eseal.enrolment().personName)
        }
    }

    @Test
    fun `another platform than the pinned one`(): Unit = runBlocking {
        val pins = platform.pins.copy(tlsRootsPem = platform.pins.platformRootsPem)
        Eseal(pins, MemoryKeys(), MemoryStore(), MachineClocks()).use { eseal ->
            val refusal = refused { eseal.enrol(jiang.name, jiang.password.encodeToByteArray()) }
            assertEquals("network.not-the-platform", refusal.code)
            assertFalse(refusal.retryable)
        }
    }

    @Test
    fun `pins that are none`() {
        fun made(pins: PlatformPins) = refused { Eseal(pins, MemoryKeys(), MemoryStore(), MachineClocks()).close() }.code
        assertEquals("sdk.misconfigured", made(platform.pins.copy(baseUrl = "http://127.0.0.1")))
        val damaged = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        assertEquals("cert.malformed", made(platform.pins.copy(tlsRootsPem = damaged)))
        assertEquals("cert.malformed", made(platform.pins.copy(platformRootsPem = damaged)))
    }

    @Test
    fun `there is no client without a root`(): Unit = runBlocking {
        for (pins in listOf(platform.pins.copy(tlsRootsPem = ""), platform.pins.copy(platformRootsPem = "no PEM"))) {
            val refusal = refused { Eseal(pins, MemoryKeys(), MemoryStore(), MachineClocks()).close() }
            assertEquals("sdk.misconfigured", refusal.code)
        }
    }

    @Test
    fun `closing twice, and calling afterwards`(): Unit = runBlocking {
        val phone = Phone(platform)
        phone.close()
        phone.close()
        assertThrows(IllegalStateException::class.java) { runBlocking { phone.eseal.enrolment() } }
        assertThrows(IllegalStateException::class.java) { runBlocking { phone.eseal.seals() } }
        val pad = SignaturePad.fromJson(Fixtures.strokes)
        val face = pad.face()
        repeat(2) { pad.close() }
        assertThrows(IllegalStateException::class.java) { pad.face() }
        face.svg()
        repeat(2) { face.close() }
        assertThrows(IllegalStateException::class.java) { face.svg() }
    }

    @Test
    fun `closing does not end a call under way`(): Unit = runBlocking {
        val phone = Phone(platform)
        val enrolment = phone.eseal.enrol(jiang.name, jiang.password.encodeToByteArray()) { step ->
            if (step == Step.PROVING_KEYS) phone.close()
        }
        assertEquals(jiang.personName, enrolment.personName)
    }

    @Test
    fun `what is read in English`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            phone.claim().use {
                phone.eseal.openConsent(phone.codeOnScreen(jiang), Locale.FRENCH).use { consent ->
                    assertTrue(consent.review.title.all { it.code < 128 }, consent.review.title)
                }
            }
        }
    }
}
