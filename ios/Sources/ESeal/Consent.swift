internal import ESealGenerated
import Foundation

/// The language of what the person reads and signs.
public enum TextLanguage: Sendable, Hashable {
    /// Simplified Chinese.
    case chinese
    /// English.
    case english

    /// Chinese for Chinese readers, English for all others.
    public init(_ locale: Locale) {
        self =
            switch TextTable.Language(locale) {
            case .chinese: .chinese
            case .english: .english
            }
    }
}

/// Something the phone noticed that goes into the signed answer.
public enum PhoneSignal: Sendable, Hashable, CaseIterable {
    /// An accessibility service that can read or press is on.
    case accessibilityService
    /// A debugger is attached.
    case debugger
    /// Another window covered the consent.
    case screenObscured
}

/// What the person must see before deciding, unchanged and whole.
public struct ConsentReview: Sendable, Hashable {
    /// First line.
    public let title: String
    /// The lines after it.
    public let lines: [String]
    /// The documents, as fetched and digested by this phone.
    public let documents: [ConsentDocument]
}

/// A document that a consent is about.
public struct ConsentDocument: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its media type, `application/pdf` or `image/svg+xml`.
    public let mediaType: String
    /// Its bytes.
    public let bytes: Data
}

/// The platform's signed receipt of an answer: keep it.
public struct ConsentReceipt: Sendable, Hashable {
    /// Compact JWS (RFC 7515, 7.1).
    public let jws: String
}

/// A request that was checked and waits for the person's decision (意愿认证).
///
/// One answer counts. A call that failed or was cancelled can be repeated and goes on where it stopped: before the signature
/// the person is asked again, after it the same signed answer is sent again. Safe from any thread.
public final class Consent: Sendable {
    /// What the person must see before deciding.
    public let review: ConsentReview

    private let session: ConsentSession

    init(_ session: ConsentSession) {
        self.session = session
        let text = session.review()
        review = ConsentReview(
            title: text.title,
            lines: text.lines,
            documents: text.documents.map {
                ConsentDocument(name: $0.name, mediaType: $0.mediaType, bytes: $0.bytes)
            }
        )
    }

    /// The person wants it done: the consent key signs, which asks for their presence, and the answer is sent.
    ///
    /// - Parameters:
    ///   - noticed: What the phone noticed while the person read.
    ///   - steps: Follows the call.
    /// - Returns: The platform's receipt, checked.
    /// - Throws: `device-key.…`, `consent.expired`, `consent.over`, `network.…`.
    public func approve(noticed: Set<PhoneSignal> = [], steps: FlowSteps? = nil) async throws -> ConsentReceipt {
        let noticed = Self.ordered(noticed)
        return ConsentReceipt(
            jws: try await calling(steps) { [session] listener, handle in
                try await session.approve(noticed: noticed, listener: listener, cancelHandle: handle)
            }
        )
    }

    /// The person does not want it; that is signed too.
    ///
    /// - Parameters:
    ///   - noticed: What the phone noticed while the person read.
    ///   - steps: Follows the call.
    /// - Returns: The platform's receipt, checked.
    /// - Throws: As ``approve(noticed:steps:)``.
    public func decline(noticed: Set<PhoneSignal> = [], steps: FlowSteps? = nil) async throws -> ConsentReceipt {
        let noticed = Self.ordered(noticed)
        return ConsentReceipt(
            jws: try await calling(steps) { [session] listener, handle in
                try await session.decline(noticed: noticed, listener: listener, cancelHandle: handle)
            }
        )
    }

    /// The evidence bundle of an answered consent: what convinces a third party.
    ///
    /// - Returns: JSON, as `eseal verify` reads it.
    /// - Throws: `consent.over` before the answer, `network.…`.
    public func evidence() async throws -> Data {
        let json = try await calling(nil) { [session] _, handle in
            try await session.evidenceJson(cancelHandle: handle)
        }
        return Data(json.utf8)
    }

    /// In an order of their own, so that a repeated call says the same.
    private static func ordered(_ noticed: Set<PhoneSignal>) -> [ESealGenerated.PhoneSignal] {
        PhoneSignal.allCases.filter(noticed.contains).map { signal in
            switch signal {
            case .accessibilityService: .accessibilityService
            case .debugger: .debugger
            case .screenObscured: .screenObscured
            }
        }
    }
}

extension TextLocale {
    init(_ language: TextLanguage) {
        self =
            switch language {
            case .chinese: .chinese
            case .english: .english
            }
    }
}
