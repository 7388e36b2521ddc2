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

/// What had to happen did not.
struct NeverHappened: Error {}

/// Waits for what has to happen at once: a call that nobody stops must fail its test, not hold the suite for ever.
func soon(_ event: @escaping @Sendable () async -> Void) async throws {
    let happened = XCTestExpectation()
    Task {
        await event()
        happened.fulfill()
    }
    guard await XCTWaiter().fulfillment(of: [happened], timeout: 20) == .completed else { throw NeverHappened() }
}

/// Checks that a call ends with `CancellationError`, and ends the test if it goes on.
func assertCancelled<T: Sendable>(
    _ task: Task<T, any Error>,
    file: StaticString = #filePath,
    line: UInt = #line
) async throws {
    try await soon { _ = await task.result }
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
