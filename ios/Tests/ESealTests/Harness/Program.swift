import Foundation

/// Programs that the tests start.
enum Program {
    struct Failed: Error {
        let program: String
        let complaint: String
    }

    /// What a program writes when it is given `input`.
    static func run(_ path: String, _ arguments: [String], input: Data = Data()) throws -> Data {
        let process = Process()
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: input)
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try stderr.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(program: path, complaint: String(decoding: complaint, as: UTF8.self))
        }
        return output
    }
}

/// What the suite's caller tells it.
enum Environment {
    struct Missing: Error {
        let variable: String
    }

    /// The `eseal` program.
    static func program() throws -> String { try value("ESEAL_PROGRAM") }

    /// The version that the library and the package are both of.
    static func version() throws -> String { try value("ESEAL_VERSION") }

    /// A file under `tests/fixtures`.
    static func fixture(_ path: String) throws -> URL {
        URL(fileURLWithPath: try value("ESEAL_FIXTURES")).appendingPathComponent(path)
    }

    private static func value(_ variable: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[variable] else { throw Missing(variable: variable) }
        return value
    }
}

/// A folder that is gone after the test.
final class Folder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("eseal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
