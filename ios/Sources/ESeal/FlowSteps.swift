internal import ESealGenerated

/// A step of a long call. The app has the texts.
public enum FlowStep: Sendable, Hashable, CaseIterable {
    /// Making the phone's keys.
    case makingKeys
    /// Proving the keys to the platform.
    case provingKeys
    /// Storing what the platform certified.
    case storingIdentity
    /// Handing in the drawn face.
    case handingInFace
    /// Waiting until the person asks for the seal on the portal and consents.
    case awaitingConsent
    /// Asking for the request behind a code.
    case openingRequest
    /// Fetching and digesting the documents.
    case checkingDocuments
    /// Waiting for the person to unlock the key.
    case awaitingUser
    /// Sending the answer.
    case sendingAnswer
    /// Reading the document.
    case readingDocument
    /// Digesting the document.
    case digestingDocument
    /// Having others say when the signature was made and that its certificate was good.
    case provingTime
    /// Recording the use of the seal.
    case recordingUse
    /// Writing the sealed file.
    case writingDocument
    /// Checking signatures.
    case checkingSignatures
    /// Done.
    case done
}

/// Follows one long call, step by step.
///
/// Make one, hand it to the call, and iterate it once, in another task. The sequence ends with the call, however that ends;
/// steps that nobody has read yet are kept. It is for one call and for one reader.
///
/// ```swift
/// let steps = FlowSteps()
/// async let seal = client.awaitSeal(claim, steps: steps)
/// for await step in steps { show(step) }
/// show(try await seal)
/// ```
public struct FlowSteps: AsyncSequence, Sendable {
    private let stream: AsyncStream<FlowStep>
    private let continuation: AsyncStream<FlowStep>.Continuation

    /// Steps of a call that is not made yet.
    public init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Reads the steps in their order.
    public func makeAsyncIterator() -> AsyncStream<FlowStep>.Iterator {
        stream.makeAsyncIterator()
    }

    func tell(_ step: FlowStep) {
        continuation.yield(step)
    }

    func finish() {
        continuation.finish()
    }
}

/// Takes the library's steps over.
final class StepForwarder: StepListener {
    private let steps: FlowSteps

    init(_ steps: FlowSteps) {
        self.steps = steps
    }

    func onStep(step: ESealGenerated.FlowStep) throws {
        steps.tell(FlowStep(step))
    }
}

extension FlowStep {
    init(_ step: ESealGenerated.FlowStep) {
        self =
            switch step {
            case .makingKeys: .makingKeys
            case .provingKeys: .provingKeys
            case .storingIdentity: .storingIdentity
            case .handingInFace: .handingInFace
            case .awaitingConsent: .awaitingConsent
            case .openingRequest: .openingRequest
            case .checkingDocuments: .checkingDocuments
            case .awaitingUser: .awaitingUser
            case .sendingAnswer: .sendingAnswer
            case .readingDocument: .readingDocument
            case .digestingDocument: .digestingDocument
            case .provingTime: .provingTime
            case .recordingUse: .recordingUse
            case .writingDocument: .writingDocument
            case .checkingSignatures: .checkingSignatures
            case .done: .done
            }
    }
}
