internal import ESealGenerated
import Foundation

/// Which platform an app belongs to. All of it is pinned in the app.
public struct PlatformPins: Sendable, Hashable {
    /// `https://host[:port]`, without a path.
    public var baseURL: URL
    /// Roots of the platform's TLS certificate, PEM; nothing else is believed, the phone's own roots neither.
    public var tlsRootsPEM: String
    /// Roots of relying parties, the consent service and the seal maker, PEM.
    public var platformRootsPEM: String
    /// The host in the platform's QR codes.
    public var linkHost: String
    /// Who timestamps signatures above ``SignatureLevel/baselineB`` (RFC 3161), `http` or `https`.
    public var timestampURL: URL?

    /// The pins of a platform.
    public init(
        baseURL: URL,
        tlsRootsPEM: String,
        platformRootsPEM: String,
        linkHost: String,
        timestampURL: URL? = nil
    ) {
        self.baseURL = baseURL
        self.tlsRootsPEM = tlsRootsPEM
        self.platformRootsPEM = platformRootsPEM
        self.linkHost = linkHost
        self.timestampURL = timestampURL
    }
}

/// Who this phone is.
public struct Enrolment: Sendable, Hashable {
    /// The person's name as registered.
    public let personName: String
    /// The phone's name at the platform.
    public let deviceID: String

    init(_ enrolment: EnrolmentSummary) {
        personName = enrolment.personName
        deviceID = enrolment.deviceId
    }
}

/// The SDK. One for the whole app.
///
/// Safe from any task and thread. Every call that can fail throws an ``ESealError``; a long call that was stopped by cancelling
/// its task throws `CancellationError`. A failed or cancelled call can be repeated. ``FlowSteps`` follows a long call.
public final class ESealClient: Sendable {
    private let client: EsealClient

    /// A client over HTTPS with the pinned roots. Reaches for nothing yet.
    ///
    /// - Parameters:
    ///   - pins: Which platform.
    ///   - keys: The phone's hardware keys.
    ///   - store: Where the phone keeps who it is.
    ///   - clocks: The phone's clocks.
    /// - Throws: `sdk.misconfigured`, `cert.…`.
    public init(
        pins: PlatformPins,
        keys: any DeviceKeys,
        store: any SealedStore,
        clocks: any Clocks = SystemClocks()
    ) throws(ESealError) {
        client = try calling {
            try EsealClient(
                pins: ESealGenerated.PlatformPins(
                    baseUrl: pins.baseURL.absoluteString,
                    tlsRootsPem: pins.tlsRootsPEM,
                    platformRootsPem: pins.platformRootsPEM,
                    linkHost: pins.linkHost,
                    timestampUrl: pins.timestampURL?.absoluteString
                ),
                keys: KeysBridge(keys),
                store: StoreBridge(store),
                clock: ClocksBridge(clocks)
            )
        }
    }

    /// Signs the account in and makes this phone one of the person's. An earlier identity of the phone is forgotten.
    ///
    /// - Parameters:
    ///   - account: The account's name.
    ///   - password: UTF-8. The library wipes its copy; wipe yours (`resetBytes(in:)`).
    ///   - steps: Follows the call.
    /// - Returns: Who this phone is now.
    /// - Throws: `auth.bad-credentials`, `auth.too-many-tries`, `device-key.…`, `store.…`, `network.…`.
    public func enrol(account: String, password: Data, steps: FlowSteps? = nil) async throws -> Enrolment {
        Enrolment(
            try await calling(steps) { [client] listener, handle in
                try await client.enrol(account: account, password: password, listener: listener, cancelHandle: handle)
            }
        )
    }

    /// Who this phone is.
    ///
    /// - Throws: `sdk.not-enrolled`, `store.…`.
    public func enrolment() async throws -> Enrolment {
        Enrolment(try await calling(nil) { [client] _, _ in try await client.enrolment() })
    }

    /// Hands in a drawn face. On the portal the person now asks for the seal and scans its code.
    ///
    /// - Parameters:
    ///   - face: The picture of the seal.
    ///   - steps: Follows the call.
    /// - Returns: The claim, to wait for.
    /// - Throws: `claim.bad-face`, `sdk.not-enrolled`, `network.…`.
    public func claimHandwritten(_ face: SealFace, steps: FlowSteps? = nil) async throws -> Claim {
        Claim(
            try await calling(steps) { [client] listener, handle in
                try await client.claimHandwritten(face: face.face, listener: listener, cancelHandle: handle)
            }
        )
    }

    /// Waits until the claim is decided, which takes as long as the person does.
    ///
    /// - Parameters:
    ///   - claim: What ``claimHandwritten(_:steps:)`` gave.
    ///   - steps: Follows the call.
    /// - Returns: The seal that was made.
    /// - Throws: `claim.withdrawn`, `network.…`.
    public func awaitSeal(_ claim: Claim, steps: FlowSteps? = nil) async throws -> Seal {
        Seal(
            try await calling(steps) { [client] listener, handle in
                try await client.awaitSeal(claim: claim.ticket, listener: listener, cancelHandle: handle)
            }
        )
    }

    /// The person's seals, newest first.
    ///
    /// - Throws: `sdk.not-enrolled`, `statement.…`, `network.…`.
    public func seals() async throws -> [Seal] {
        try await calling(nil) { [client] _, handle in try await client.seals(cancelHandle: handle) }.map(Seal.init)
    }

    /// What the person's seals were used for, newest first.
    ///
    /// - Throws: As ``seals()``.
    public func usageRecords() async throws -> [UsageRecord] {
        try await calling(nil) { [client] _, handle in try await client.usageRecords(cancelHandle: handle) }
            .map(UsageRecord.init)
    }

    /// Tells the platform's codes from all others. Nobody is asked and nothing is opened.
    ///
    /// - Parameter scanned: The code's text: ``ScannedCode/text``.
    /// - Returns: Whether it is ours, and what to show if not.
    public func judgeScanned(_ scanned: String) -> ScannedText {
        ScannedText(client.judgeScanned(text: scanned))
    }

    /// Opens the request behind a scanned code and checks all of it. Nothing is signed yet.
    ///
    /// - Parameters:
    ///   - scanned: The code's text: ``ScannedCode/text``.
    ///   - language: What the person will read.
    ///   - steps: Follows the call.
    /// - Returns: The checked request, to be shown and answered.
    /// - Throws: `consent.…`, `sdk.not-enrolled`, `network.…`.
    public func openConsent(
        _ scanned: String,
        language: TextLanguage = TextLanguage(.current),
        steps: FlowSteps? = nil
    ) async throws -> Consent {
        Consent(
            try await calling(steps) { [client] listener, handle in
                try await client.openConsent(
                    scanned: scanned,
                    locale: TextLocale(language),
                    listener: listener,
                    cancelHandle: handle
                )
            }
        )
    }

    /// Seals a PDF, which never leaves the phone, and records the use.
    ///
    /// - Parameters:
    ///   - order: What, with which seal, and where.
    ///   - steps: Follows the call.
    /// - Returns: What was made.
    /// - Throws: `pdf.…`, `seal.…`, `device-key.…`, `network.…`; there is no output then.
    public func stamp(_ order: StampOrder, steps: FlowSteps? = nil) async throws -> StampedDocument {
        let stamped = try await calling(steps) { [client] listener, handle in
            let order = try ESealGenerated.StampOrder(order)
            return try await client.stamp(order: order, listener: listener, cancelHandle: handle)
        }
        return StampedDocument(url: order.output, field: stamped.field, usageID: stamped.usageId)
    }

    /// Reads and digests documents that are to be sealed together, at most 100; nothing is asked of the person yet.
    ///
    /// - Parameters:
    ///   - orders: What, with which seal, and where.
    ///   - steps: Follows the call.
    /// - Returns: The documents, ready; what is wrong with one of them is said by ``StampBatch/refusals``.
    /// - Throws: `batch.empty`, `batch.too-many-documents`, `sdk.not-enrolled`, `device-key.…`.
    public func prepareBatch(_ orders: [StampOrder], steps: BatchSteps? = nil) async throws -> StampBatch {
        let steps = steps ?? BatchSteps()
        defer { steps.finish() }
        let batch = try await calling(nil) { [client] _, handle in
            let orders = try orders.map { try ESealGenerated.StampOrder($0) }
            return try await client.prepareBatch(orders: orders, listener: BatchForwarder(steps), cancelHandle: handle)
        }
        return StampBatch(batch, orders: orders)
    }

    /// Verifies a document against the pinned roots; needs neither an account nor the network. A signature that does not hold
    /// is a finding, no error.
    ///
    /// Checking cannot be stopped half-way: a task that is cancelled meanwhile gets the answer.
    ///
    /// - Parameters:
    ///   - document: A file.
    ///   - password: What opens it, if it is encrypted and the empty password does not.
    ///   - steps: Follows the call.
    /// - Returns: What was found, good and bad.
    /// - Throws: `pdf.…` when the document cannot be read.
    public func verify(
        _ document: URL,
        password: String? = nil,
        steps: FlowSteps? = nil
    ) async throws -> Verification {
        Verification(
            try await calling(steps) { [client] listener, _ in
                try await client.verify(
                    path: try document.filePath,
                    password: password.map { Data($0.utf8) },
                    listener: listener
                )
            }
        )
    }
}
