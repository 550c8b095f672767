import Foundation
import InsightsTestSupport

/// Small logs for tests of the program.
enum Samples {
  /// An invocation that ends well, one that times out and one that never ends.
  static let log = """
    2026-02-11T09:00:00.000Z START RequestId: 11111111-0000-4000-8000-000000000001 Version: $LATEST
    2026-02-11T09:00:00.010Z order 1 received
    2026-02-11T09:00:00.100Z END RequestId: 11111111-0000-4000-8000-000000000001
    2026-02-11T09:00:00.100Z REPORT RequestId: 11111111-0000-4000-8000-000000000001\tDuration: 99.50 ms\tBilled Duration: 100 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB
    2026-02-11T09:05:00.000Z START RequestId: 11111111-0000-4000-8000-000000000002 Version: $LATEST
    2026-02-11T09:05:03.000Z 2026-02-11T09:05:03.000Z 11111111-0000-4000-8000-000000000002 Task timed out after 3.00 seconds
    2026-02-11T09:05:03.001Z END RequestId: 11111111-0000-4000-8000-000000000002
    2026-02-11T09:05:03.001Z REPORT RequestId: 11111111-0000-4000-8000-000000000002\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB
    2026-02-11T09:10:00.500Z START RequestId: 11111111-0000-4000-8000-000000000003 Version: $LATEST

    """
  static let eventCount = 9

  /// `log` compressed, by way of the system's gzip.
  static func gzipped(in program: Program) throws -> Data {
    _ = try program.folder.write(log, to: "log-to-compress.txt")
    _ = try program.runShell("gzip -n log-to-compress.txt")
    let path = program.path("log-to-compress.txt.gz")
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }
}

extension Program {
  /// A program whose folder has `insights.db` with `Samples.log`, of the group `/aws/lambda/shop`.
  static func withSampleStore() throws -> Program {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    _ = try program.run("ingest", "--log-group", "/aws/lambda/shop", log)
    try FileManager.default.removeItem(atPath: log)
    return program
  }

  func write(_ data: Data, to name: String) throws {
    try data.write(to: URL(fileURLWithPath: path(name)))
  }
}

/// The JSON in a text.
func json(_ text: String) throws -> Any {
  try JSONSerialization.jsonObject(with: Data(text.utf8))
}

/// The rows of `--format json`.
func rows(_ text: String) throws -> [[String: Any]] {
  try json(text) as? [[String: Any]] ?? []
}
