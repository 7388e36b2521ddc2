import ESeal
import Foundation

/// The reference platform itself, as a process: `eseal serve --json`. It ends with this object.
final class RealPlatform: Sendable {
    struct Account: Decodable, Sendable {
        let account: String
        let password: String
        let name: String
    }

    private struct Ready: Decodable, Sendable {
        let base_url: URL
        let browser_url: URL
        let pki_url: URL
        let tls_root_pem: String
        let trust_root_pem: String
        let link_host: String
        let accounts: [Account]
    }

    struct NotReady: Error {}

    private let process: Process
    private let stdin: Pipe
    private let ready: Ready

    init() throws {
        let (process, stdin, stdout) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: try Environment.program())
        process.arguments = ["serve", "--json"]
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        (self.process, self.stdin) = (process, stdin)
        ready = try JSONDecoder().decode(Ready.self, from: try Self.firstLine(of: stdout.fileHandleForReading))
    }

    deinit {
        stop()
    }

    /// The platform ends when its input does.
    func stop() {
        try? stdin.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// An invented person with an account.
    func account(_ index: Int) -> Account { ready.accounts[index] }

    /// Where the portal is.
    var portal: URL { ready.browser_url }

    /// What an app of this platform pins.
    var pins: PlatformPins {
        PlatformPins(
            baseURL: ready.base_url,
            tlsRootsPEM: ready.tls_root_pem,
            platformRootsPEM: ready.trust_root_pem,
            linkHost: ready.link_host,
            timestampURL: ready.pki_url.appendingPathComponent("tsa")
        )
    }

    private static func firstLine(of output: FileHandle) throws -> Data {
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            guard let more = try output.read(upToCount: 1), !more.isEmpty else { throw NotReady() }
            line.append(more)
        }
        return line
    }
}
