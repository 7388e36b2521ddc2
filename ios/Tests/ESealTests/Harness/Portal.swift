import ESeal
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The person at the portal, without a browser: the calls that the page makes.
struct Portal: Sendable {
    struct Refused: Error {
        let path: String
        let status: Int
        let body: String
    }

    struct NoClaim: Error {}

    private let base: URL
    private let cookie: String

    /// Signs in.
    init(_ platform: RealPlatform, _ account: RealPlatform.Account) async throws {
        base = platform.portal
        let body = try JSONSerialization.data(withJSONObject: [
            "account": account.account, "password": account.password,
        ])
        let (_, response) = try await Self.exchange(base, "POST", "session", cookie: nil, body: body)
        let header = response.value(forHTTPHeaderField: "Set-Cookie") ?? ""
        cookie = String(header.prefix { $0 != ";" })
    }

    /// Presses 立即领取 for the newest claim; its name.
    func take() async throws -> String {
        struct Followed: Decodable {
            struct Overview: Decodable {
                struct Claim: Decodable { let claim_id: String }
                let claim: Claim?
            }
            let overview: Overview
        }
        let shown = try JSONDecoder().decode(Followed.self, from: try await call("GET", "overview"))
        guard let claim = shown.overview.claim?.claim_id else { throw NoClaim() }
        _ = try await call("POST", "claims/\(claim)/take")
        return claim
    }

    /// The frame that the page shows in this second, as the phone's camera sees it.
    func photographCode(of claim: String) async throws -> LumaFrame {
        let svg = try await call("GET", "claims/\(claim)/frame.svg")
        return try Screen.photograph(svg: String(decoding: svg, as: UTF8.self))
    }

    private func call(_ method: String, _ path: String) async throws -> Data {
        try await Self.exchange(base, method, path, cookie: cookie, body: nil).0
    }

    private static func exchange(
        _ base: URL,
        _ method: String,
        _ path: String,
        cookie: String?,
        body: Data?
    ) async throws -> (Data, HTTPURLResponse) {
        var request = URLRequest(url: base.appendingPathComponent("portal/api/\(path)"))
        request.httpMethod = method
        request.httpBody = body
        request.httpShouldHandleCookies = false
        request.setValue("1", forHTTPHeaderField: "eseal-portal")
        request.setValue(cookie, forHTTPHeaderField: "cookie")
        if body != nil {
            request.setValue("application/json", forHTTPHeaderField: "content-type")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse, (200..<300).contains(response.statusCode) else {
            let status = (response as? HTTPURLResponse)?.statusCode ?? 0
            throw Refused(path: path, status: status, body: String(decoding: data, as: UTF8.self))
        }
        return (data, response)
    }
}
