package cn.eseal.sdk

import cn.eseal.sdk.harness.Fixtures
import cn.eseal.sdk.harness.Phone
import cn.eseal.sdk.harness.Portal
import cn.eseal.sdk.harness.ReferencePlatform
import cn.eseal.sdk.harness.SIGNATURE_LINE
import cn.eseal.sdk.harness.refused
import cn.eseal.sdk.harness.stampOrder
import java.io.File
import java.util.Collections
import java.util.Locale
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import org.junit.jupiter.api.io.TempDir

@ExtendWith(ReferencePlatform.Shared::class)
class MainJobTest(private val platform: ReferencePlatform, @param:TempDir private val folder: File) {
    private val jiang = platform.jiang

    @Test
    fun `enrol, draw, claim, scan, consent, seal and verify`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val steps = Collections.synchronizedList(mutableListOf<Step>())
            fun told(): List<Step> = steps.toList().also { steps.clear() }
            val eseal = phone.eseal

            val enrolment = eseal.enrol(jiang.name, jiang.password.encodeToByteArray(), steps::add)
            assertEquals(jiang.personName, enrolment.personName)
            assertEquals(enrolment, eseal.enrolment())
            assertEquals(listOf(Step.MAKING_KEYS, Step.PROVING_KEYS, Step.STORING_IDENTITY, Step.DONE), told())

            val face = SignaturePad.fromJson(Fixtures.strokes).use { it.face() }
            val claim = eseal.claimHandwritten(face, steps::add)
            assertEquals(listOf(Step.HANDING_IN_FACE, Step.DONE), told())

            val portal = Portal(platform, jiang)
            val claimId = portal.take()
            assertEquals(claim.claimId, claimId)
            val consent = eseal.openConsent(portal.read(claimId), Locale.SIMPLIFIED_CHINESE, steps::add)
            assertEquals(listOf(Step.OPENING_REQUEST, Step.CHECKING_DOCUMENTS), told())
            assertEquals("申领个人手绘章", consent.review.title)
            assertTrue("申领人：江小满" in consent.review.lines, consent.review.lines.toString())
            assertTrue("印章编号：${claim.sealId}" in consent.review.lines, consent.review.lines.toString())
            val shown = consent.review.documents.single()
            assertEquals("image/svg+xml", shown.mediaType)
            assertArrayEquals(face.svg().encodeToByteArray(), shown.bytes, "the face that was drawn is the one that is shown")

            assertEquals("consent.over", refused { consent.evidenceJson() }.code, "there is no evidence before the answer")
            val receipt = consent.approve(onStep = steps::add)
            assertEquals(listOf(Step.AWAITING_USER, Step.SENDING_ANSWER, Step.DONE), told())
            assertEquals(3, receipt.split('.').size, "a compact JWS")
            assertTrue(Json.parseToJsonElement(consent.evidenceJson()).jsonObject.isNotEmpty())

            val seal = eseal.awaitSeal(claim, steps::add)
            assertEquals(listOf(Step.AWAITING_CONSENT, Step.DONE), told())
            assertEquals(claim.sealId, seal.sealId)
            assertEquals(jiang.personName, seal.ownerName)
            assertEquals(SealState.ACTIVE, seal.state)
            assertEquals(face.svg(), seal.faceSvg)
            assertEquals(seal, eseal.seals().first())

            val output = folder.resolve("sealed.pdf")
            val stamped = eseal.stamp(stampOrder(seal, output).copy(level = SignatureLevel.BASELINE_T), steps::add)
            assertEquals(
                listOf(
                    Step.READING_DOCUMENT,
                    Step.DIGESTING_DOCUMENT,
                    Step.AWAITING_USER,
                    Step.PROVING_TIME,
                    Step.RECORDING_USE,
                    Step.WRITING_DOCUMENT,
                    Step.DONE,
                ),
                told(),
            )
            val before = Fixtures.contract.readBytes()
            assertArrayEquals(before, output.readBytes().copyOf(before.size), "the old file is the beginning of the new one")

            val found = eseal.verify(output, onStep = steps::add)
            assertEquals(listOf(Step.CHECKING_SIGNATURES, Step.DONE), told())
            assertEquals(Verdict.VALID, found.verdict)
            val signature = found.signatures.single()
            assertEquals(stamped.field, signature.field)
            assertEquals(jiang.personName, signature.signer)
            assertEquals(
                listOf(Integrity.INTACT, Coverage.WHOLE, Changes.NONE, Trust.TRUSTED, Verdict.VALID),
                listOf(signature.integrity, signature.coverage, signature.changes, signature.trust, signature.verdict),
            )
            assertEquals(SignatureLevel.BASELINE_T to TimeSource.TIMESTAMP, signature.level to signature.timeSource)
            assertEquals(VerifiedSeal.Genuine(seal.sealId, jiang.personName), signature.seal)
            assertTrue(signature.checks.isNotEmpty() && signature.checks.none { it.verdict == CheckVerdict.FAIL })

            val use = eseal.usageRecords().first()
            assertEquals(
                listOf(stamped.usageId, seal.sealId, "服务合同.pdf"),
                listOf(use.usageId, use.sealId, use.documentName),
            )
            val shownUse = portal.overview().getValue("usages").jsonArray.first().jsonObject
            assertEquals(stamped.usageId, shownUse.getValue("usage_id").jsonPrimitive.content, "the portal lists it too")

            val prompts = phone.keys.prompts.map { it.key }.filter { it != "prompt.request" }
            assertEquals(List(3) { "prompt.prove-possession" } + listOf("prompt.approve", "prompt.seal"), prompts)
            val approved = phone.keys.prompts.first { it.key == "prompt.approve" }
            assertEquals("同意：申领个人手绘章（附件 1 份）", approved.text(Locale.SIMPLIFIED_CHINESE))
        }
    }

    @Test
    fun `one changed byte is told`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val sealed = folder.resolve("sealed.pdf")
            phone.eseal.stamp(stampOrder(phone.seal(jiang), sealed))
            val bytes = sealed.readBytes()
            bytes[5_000] = (bytes[5_000].toInt() xor 1).toByte()
            val changed = folder.resolve("changed.pdf").apply { writeBytes(bytes) }
            val found = phone.eseal.verify(changed)
            assertEquals(Verdict.INVALID, found.verdict)
            assertEquals(Integrity.BROKEN, found.signatures.single().integrity)
        }
    }

    @Test
    fun `an unsealed document is not called valid`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val found = phone.eseal.verify(Fixtures.contract)
            assertEquals(Verdict.INDETERMINATE, found.verdict)
            assertEquals(listOf("verify.no-signature"), found.checks.map { it.code })
            assertTrue(found.signatures.isEmpty())
        }
    }

    @Test
    fun `a new drawing takes the old seal's place`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val old = phone.seal(jiang)
            val new = phone.claim().use { claim ->
                phone.scan(jiang).use { it.approve() }
                phone.eseal.awaitSeal(claim)
            }
            assertNotEquals(old.sealId, new.sealId)
            val states = phone.eseal.seals().associate { it.sealId to it.state }
            assertEquals(SealState.ACTIVE, states[new.sealId])
            assertEquals(SealState.REPLACED, states[old.sealId])
        }
    }

    @Test
    fun `declining makes no seal and cannot be turned into consent`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            phone.enrol(jiang)
            val claim = phone.claim()
            val consent = phone.scan(jiang)
            consent.decline(setOf(PhoneSignal.SCREEN_OBSCURED))
            assertEquals("consent.over", refused { consent.approve() }.code)
            assertEquals("claim.withdrawn", refused { phone.eseal.awaitSeal(claim) }.code)
            assertTrue(phone.eseal.seals().none { it.sealId == claim.sealId })
        }
    }

    @Test
    fun `progress comes as a flow, the result last`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val password = jiang.password.encodeToByteArray()
            val told = progressOf { onStep -> phone.eseal.enrol(jiang.name, password, onStep) }.toList()
            val steps = listOf(Step.MAKING_KEYS, Step.PROVING_KEYS, Step.STORING_IDENTITY, Step.DONE)
            assertEquals(steps.map { Progress.Running(it) }, told.dropLast(1))
            assertEquals(Progress.Finished(phone.eseal.enrolment()), told.last())
        }
    }

    @Test
    fun `a place outside of the document is refused and leaves no file`(): Unit = runBlocking {
        Phone(platform).use { phone ->
            val output = folder.resolve("sealed.pdf")
            val order = stampOrder(phone.seal(jiang), output)
            val codes = listOf(
                order.copy(places = listOf(SIGNATURE_LINE.copy(page = 9))),
                order.copy(places = listOf(SIGNATURE_LINE.copy(xMm = 900.0))),
                order.copy(input = folder.resolve("missing.pdf")),
                order.copy(sealId = "no such seal"),
                order.copy(utcOffsetMinutes = 99_999),
            ).map { refused { phone.eseal.stamp(it) }.code }
            assertEquals(
                listOf("pdf.no-such-page", "pdf.outside-page", "pdf.read-failed", "seal.not-found", "pdf.time-out-of-range"),
                codes,
            )
            assertFalse(output.exists())
        }
    }
}
