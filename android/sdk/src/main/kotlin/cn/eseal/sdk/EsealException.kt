package cn.eseal.sdk

import cn.eseal.sdk.generated.InternalException
import cn.eseal.sdk.generated.SdkException

/**
 * Why a call failed: the only exception that the library itself throws, cancellation aside.
 *
 * What a user reads comes from [ErrorTexts], by [code]. [message] and [toString] are for logs: code, detail and, where the
 * platform answered, the trace; never a name, a document or a secret.
 *
 * @property code stable and dotted, such as `device-key.user-cancelled`; all are listed in the tables of [ErrorTexts].
 * @property detail what happened, in English, for developers; never shown to a user.
 * @property retryable whether the same call may go through later.
 * @property retryAfterMs how long to wait before that, ms, where the platform said.
 * @property traceId the call's name in the platform's log, where the platform answered.
 */
public class EsealException(
    public val code: String,
    public val detail: String,
    public val retryable: Boolean = false,
    public val retryAfterMs: Long? = null,
    public val traceId: String? = null,
) : Exception(if (traceId == null) "$code: $detail" else "$code: $detail (trace $traceId)")

/** Runs a short call of the library; what it throws becomes an [EsealException]. */
internal inline fun <T> translated(call: () -> T): T =
    try {
        call()
    } catch (failure: SdkException) {
        throw failure.asPublic()
    } catch (failure: InternalException) {
        throw failure.asPublic()
    }

internal fun SdkException.asPublic(): EsealException =
    when (this) {
        is SdkException.Failed -> EsealException(code, detail, retryable, retryAfterMs?.toLong(), traceId)
    }

/** A defect of the library. Its text goes along, because nothing else tells what broke. */
internal fun InternalException.asPublic(): EsealException = EsealException("sdk.interrupted", message ?: "no detail")
