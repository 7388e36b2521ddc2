internal import ESealGenerated

/// What became of one document of a batch.
public enum StampOutcome: Sendable, Equatable {
    /// It is sealed and written.
    case sealed(StampedDocument)
    /// It is not, and there is no file.
    case refused(ESealError)
}

/// A step of one document of a batch.
public struct BatchStep: Sendable, Hashable {
    /// The document's place in the orders, from 0.
    public let document: Int
    /// What begins.
    public let step: FlowStep
}

/// Follows one call on a batch, step by step, as ``FlowSteps`` follows others.
public struct BatchSteps: AsyncSequence, Sendable {
    private let stream: AsyncStream<BatchStep>
    private let continuation: AsyncStream<BatchStep>.Continuation

    /// Steps of a call that is not made yet.
    public init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Reads the steps in their order.
    public func makeAsyncIterator() -> AsyncStream<BatchStep>.Iterator {
        stream.makeAsyncIterator()
    }

    func tell(_ step: BatchStep) {
        continuation.yield(step)
    }

    func finish() {
        continuation.finish()
    }
}

/// Takes the library's steps over.
final class BatchForwarder: BatchListener {
    private let steps: BatchSteps

    init(_ steps: BatchSteps) {
        self.steps = steps
    }

    func onStep(document: UInt32, step: ESealGenerated.FlowStep) throws {
        steps.tell(BatchStep(document: Int(document), step: FlowStep(step)))
    }
}

/// Documents that were read and digested and wait for the person. It can be sealed once; until then, or until it is
/// released, the documents stay open. Safe from any thread.
public final class StampBatch: Sendable {
    /// How many documents can be sealed.
    public let documents: Int
    /// How often the person will be asked to unlock the key, at least: once with a key that has a window of presence, once for
    /// each document without. Say so before ``seal(steps:)``.
    public let prompts: Int
    /// What is wrong with each document, in the order of the orders; `nil` where it can be sealed.
    public let refusals: [ESealError?]

    private let batch: ESealGenerated.StampBatch
    private let orders: [StampOrder]

    init(_ batch: ESealGenerated.StampBatch, orders: [StampOrder]) {
        self.batch = batch
        self.orders = orders
        documents = Int(batch.documents())
        prompts = Int(batch.prompts())
        refusals = batch.refusals().map { $0.map { ESealError($0) } }
    }

    /// Seals the documents one after the other. When the person dismisses a prompt, the documents after it are not asked about
    /// (`batch.not-asked`). Cancelling the task stops before the next document; what is written stays, and the outcomes say it.
    ///
    /// - Parameter steps: Follows the call.
    /// - Returns: Each document's own outcome, in the order of the orders.
    /// - Throws: `batch.empty` when it was sealed already.
    public func seal(steps: BatchSteps? = nil) async throws -> [StampOutcome] {
        let steps = steps ?? BatchSteps()
        defer { steps.finish() }
        let outcomes = try await calling(nil) { [batch] _, handle in
            try await batch.seal(listener: BatchForwarder(steps), cancelHandle: handle)
        }
        return zip(outcomes, orders).map { outcome, order in
            switch outcome {
            case .sealed(let document):
                .sealed(StampedDocument(url: order.output, field: document.field, usageID: document.usageId))
            case .refused(let error):
                .refused(ESealError(error))
            }
        }
    }
}
