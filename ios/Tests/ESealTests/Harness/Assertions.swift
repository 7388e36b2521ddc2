import ESeal
import XCTest

/// A call went through that had to fail.
struct WentThrough: Error {}

/// The error of a call that has to fail with an ``ESealError``.
func refusal<T>(
    _ call: @autoclosure () async throws -> T,
    file: StaticString = #filePath,
    line: UInt = #line
) async throws -> ESealError {
    do {
        _ = try await call()
    } catch let error as ESealError {
        return error
    }
    XCTFail("the call went through", file: file, line: line)
    throw WentThrough()
}

/// Checks that a call ends with `CancellationError`.
func assertCancelled<T: Sendable>(
    _ task: Task<T, any Error>,
    file: StaticString = #filePath,
    line: UInt = #line
) async {
    switch await task.result {
    case .success:
        XCTFail("the call went through", file: file, line: line)
    case .failure(let error):
        XCTAssertTrue(error is CancellationError, "\(error)", file: file, line: line)
    }
}

/// All steps of a call that is over.
func heard(_ steps: FlowSteps) async -> [FlowStep] {
    var heard: [FlowStep] = []
    for await step in steps {
        heard.append(step)
    }
    return heard
}
