package cn.eseal.sdk

import cn.eseal.sdk.generated.FlowStep
import cn.eseal.sdk.generated.StepListener
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow

/** A step of a long call, told when it begins. */
public enum class Step {
    /** Making the phone's keys. */
    MAKING_KEYS,

    /** Proving the keys to the platform. */
    PROVING_KEYS,

    /** Storing what the platform certified. */
    STORING_IDENTITY,

    /** Handing in the drawn face. */
    HANDING_IN_FACE,

    /** Waiting until the person asks for the seal on the portal and consents. */
    AWAITING_CONSENT,

    /** Asking for the request behind a code. */
    OPENING_REQUEST,

    /** Fetching and digesting the documents of a request. */
    CHECKING_DOCUMENTS,

    /** Waiting for the person to unlock the key. */
    AWAITING_USER,

    /** Sending the answer. */
    SENDING_ANSWER,

    /** Reading the document. */
    READING_DOCUMENT,

    /** Digesting the document. */
    DIGESTING_DOCUMENT,

    /** Having others say when the signature was made and that its certificate was good. */
    PROVING_TIME,

    /** Recording the use of the seal. */
    RECORDING_USE,

    /** Writing the sealed file. From here on the call is finished and not cancelled any more. */
    WRITING_DOCUMENT,

    /** Checking signatures. */
    CHECKING_SIGNATURES,

    /** Done: the call returns. */
    DONE,
}

/** What a [Flow] made by [progressOf] tells: steps, and last the result. */
public sealed interface Progress<out T> {
    /**
     * A step begins.
     *
     * @property step which one.
     */
    public data class Running(public val step: Step) : Progress<Nothing>

    /**
     * The call has returned; nothing comes after this.
     *
     * @property result what it returned.
     */
    public data class Finished<out T>(public val result: T) : Progress<T>
}

/**
 * A call with steps as a cold [Flow]: `progressOf { onStep -> eseal.stamp(order, onStep) }.collect { … }`.
 *
 * Each collection runs [call] once. What the call throws ends the collection; ending the collection cancels the call.
 */
public fun <T> progressOf(call: suspend (onStep: (Step) -> Unit) -> T): Flow<Progress<T>> =
    channelFlow<Progress<T>> {
        val result = call { step -> trySend(Progress.Running(step)) }
        send(Progress.Finished(result))
    }.buffer(Channel.UNLIMITED)

/** [onStep] as the library hears it. */
internal fun heard(onStep: ((Step) -> Unit)?): StepListener? = onStep?.let(::Heard)

private class Heard(private val onStep: (Step) -> Unit) : StepListener {
    override fun onStep(step: FlowStep) {
        try {
            onStep(step.asPublic())
        } catch (_: Throwable) {
            // A view that cannot show a step is no reason to stop a signature, and this thread is the library's.
        }
    }
}

internal fun FlowStep.asPublic(): Step =
    when (this) {
        FlowStep.MAKING_KEYS -> Step.MAKING_KEYS
        FlowStep.PROVING_KEYS -> Step.PROVING_KEYS
        FlowStep.STORING_IDENTITY -> Step.STORING_IDENTITY
        FlowStep.HANDING_IN_FACE -> Step.HANDING_IN_FACE
        FlowStep.AWAITING_CONSENT -> Step.AWAITING_CONSENT
        FlowStep.OPENING_REQUEST -> Step.OPENING_REQUEST
        FlowStep.CHECKING_DOCUMENTS -> Step.CHECKING_DOCUMENTS
        FlowStep.AWAITING_USER -> Step.AWAITING_USER
        FlowStep.SENDING_ANSWER -> Step.SENDING_ANSWER
        FlowStep.READING_DOCUMENT -> Step.READING_DOCUMENT
        FlowStep.DIGESTING_DOCUMENT -> Step.DIGESTING_DOCUMENT
        FlowStep.PROVING_TIME -> Step.PROVING_TIME
        FlowStep.RECORDING_USE -> Step.RECORDING_USE
        FlowStep.WRITING_DOCUMENT -> Step.WRITING_DOCUMENT
        FlowStep.CHECKING_SIGNATURES -> Step.CHECKING_SIGNATURES
        FlowStep.DONE -> Step.DONE
    }
