internal import ESealGenerated

/// Makes a call that answers at once.
func calling<T>(_ call: () throws -> T) throws(ESealError) -> T {
    do {
        return try call()
    } catch {
        throw ESealError(error)
    }
}

/// Makes a long call: the steps are told to `steps`, and cancelling the task stops it.
///
/// Cancelling a Swift task does not reach into the library by itself, so each call gets a handle that does.
func calling<T>(
    _ steps: FlowSteps?,
    _ call: (any StepListener, CancelHandle) async throws -> T
) async throws -> T {
    let steps = steps ?? FlowSteps()
    defer { steps.finish() }
    let handle = CancelHandle()
    do {
        return try await withTaskCancellationHandler {
            try await call(StepForwarder(steps), handle)
        } onCancel: {
            handle.cancel()
        }
    } catch {
        let error = ESealError(error)
        if error.code == "sdk.cancelled" {
            throw CancellationError()
        }
        throw error
    }
}
