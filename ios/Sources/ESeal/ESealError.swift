internal import ESealGenerated
import Foundation

/// Why a call failed.
///
/// ``code`` says what happened and is stable; decide by it. ``errorDescription`` is what the user is told.
/// A call that was stopped by cancelling its task throws `CancellationError` instead.
public struct ESealError: Error, Equatable, Sendable {
    /// Stable and dotted, such as `consent.expired`.
    public let code: String
    /// For developers and logs, never shown: English, without personal data.
    public let detail: String
    /// Whether the same call may go through later.
    public let retryable: Bool
    /// How long to wait before that, seconds, where the platform said.
    public let retryAfter: TimeInterval?
    /// The call's name in the platform's log, where the platform answered.
    public let traceID: String?
}

extension ESealError: LocalizedError {
    /// The text for the user, in the language of the current locale; ``ErrorTexts`` has it in any.
    public var errorDescription: String? { ErrorTexts().text(code) }
}

extension ESealError {
    /// An argument that the library's own types cannot hold: the app's mistake, not the user's.
    static func badArgument(_ detail: String) -> ESealError {
        ESealError(code: "sdk.bad-argument", detail: detail, retryable: false, retryAfter: nil, traceID: nil)
    }

    /// What was thrown inside a call. All but our own and the library's one error means that the library broke off inside.
    init(_ error: any Error) {
        if let error = error as? ESealError {
            self = error
            return
        }
        guard case .Failed(let code, let detail, let retryable, let retryAfterMs, let traceID) = error as? SdkError
        else {
            self.init(
                code: "sdk.interrupted",
                detail: String(describing: error),
                retryable: false,
                retryAfter: nil,
                traceID: nil
            )
            return
        }
        self.init(
            code: code,
            detail: detail,
            retryable: retryable,
            retryAfter: retryAfterMs.map { TimeInterval($0) / 1000 },
            traceID: traceID
        )
    }
}
