package cn.eseal.sdk.harness

import cn.eseal.sdk.Claim
import cn.eseal.sdk.Clocks
import cn.eseal.sdk.Consent
import cn.eseal.sdk.Eseal
import cn.eseal.sdk.EsealException
import cn.eseal.sdk.Seal
import cn.eseal.sdk.SignaturePad
import cn.eseal.sdk.StampOrder
import cn.eseal.sdk.StampPlace
import java.io.File
import java.util.Locale
import org.junit.jupiter.api.Assertions.fail

/** Files that every suite uses. */
object Fixtures {
    private val folder = File(System.getProperty("eseal.fixtures"))
    val strokes: String = folder.resolve("ink/zhou-zihan.json").readText()
    val contract: File = folder.resolve("contract/contract.pdf")
}

/** Where 乙方 signs the contract. */
val SIGNATURE_LINE = StampPlace.OnPage(page = 4, xMm = 112.0, yMm = 128.0, widthMm = 45.0, heightMm = 22.0)

/** An app's SDK with its ports in memory, and shortcuts to the places that tests begin at. */
class Phone(
    private val platform: ReferencePlatform,
    clocks: Clocks = MachineClocks(),
    val keys: MemoryKeys = MemoryKeys(),
) : AutoCloseable {
    val store = MemoryStore()
    val eseal = Eseal(platform.pins, keys, store, clocks)

    suspend fun enrol(account: Account) = eseal.enrol(account.name, account.password.encodeToByteArray())

    /** Hands in the drawing. */
    suspend fun claim(): Claim =
        SignaturePad.fromJson(Fixtures.strokes).use { pad -> pad.face().use { face -> eseal.claimHandwritten(face) } }

    /** Scans what the portal shows for the claim that was just handed in. */
    suspend fun scan(account: Account): Consent = eseal.openConsent(codeOnScreen(account), Locale.SIMPLIFIED_CHINESE)

    fun codeOnScreen(account: Account): String = Portal(platform, account).run { read(take()) }

    /** All the way to a seal. */
    suspend fun seal(account: Account): Seal {
        enrol(account)
        return claim().use { claim ->
            scan(account).use { it.approve() }
            eseal.awaitSeal(claim)
        }
    }

    override fun close() = eseal.close()
}

fun stampOrder(seal: Seal, output: File, input: File = Fixtures.contract) =
    StampOrder(input, output, "服务合同.pdf", seal.sealId, listOf(SIGNATURE_LINE), utcOffsetMinutes = 480)

/** What [call] must fail with. */
inline fun refused(call: () -> Unit): EsealException {
    try {
        call()
    } catch (expected: EsealException) {
        return expected
    }
    return fail("it went through")
}
