import ESeal
import Foundation

/// Turns the portal's code, an SVG of dark runs on white, into what a camera before the screen sees.
enum Screen {
    struct NotACode: Error {}

    private static let pixelsPerModule = 5

    static func photograph(svg: String) throws -> LumaFrame {
        guard let modules = match(#"viewBox="0 0 (\d+) \1""#, in: svg).first?.first else { throw NotACode() }
        let side = modules * pixelsPerModule
        // A camera's rows are padded; the bytes between them are nobody's.
        let stride = side + 13
        var luma = [UInt8](repeating: 0x55, count: stride * side)
        for row in 0..<side {
            luma.replaceSubrange(row * stride..<row * stride + side, with: repeatElement(235, count: side))
        }
        let runs = match(#"M(\d+) (\d+)h(\d+)v1"#, in: svg)
        guard !runs.isEmpty else { throw NotACode() }
        for run in runs {
            let (column, row, length) = (run[0], run[1], run[2])
            for line in row * pixelsPerModule..<(row + 1) * pixelsPerModule {
                let start = line * stride + column * pixelsPerModule
                let dark = repeatElement(UInt8(20), count: length * pixelsPerModule)
                luma.replaceSubrange(start..<start + length * pixelsPerModule, with: dark)
            }
        }
        return LumaFrame(width: side, height: side, bytesPerRow: stride, luma: Data(luma))
    }

    /// The numbers in the groups of every match.
    private static func match(_ pattern: String, in text: String) -> [[Int]] {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
            (1..<match.numberOfRanges).compactMap { Range(match.range(at: $0), in: text).flatMap { Int(text[$0]) } }
        }
    }
}
