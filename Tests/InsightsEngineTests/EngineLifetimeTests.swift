import Foundation
import InsightsEngine
import InsightsIngest
import InsightsQuery
import InsightsTestSupport
import Testing

/// A process that answers for long must not keep what it has answered with.
@Suite("lifetime of engines")
struct EngineLifetimeTests {
  private static func openFiles(below folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }.filter { $0.hasPrefix(folder) }
  }

  @Test(
    "an engine that is gone holds no file open",
    arguments: [
      "stats count(*)", "limit 1", "sort @timestamp asc | limit 1", "sort @timestamp asc",
      "filter @message like /x/ | stats count(*)", "filter @message like /x/",
      "filter @logStream = 's' | stats count(*)", "filter a = 1 | stats count(*)",
      "fields strlen(@message) as n | stats max(n)", "filter @ptr >= 'e' | limit 2",
      "pattern @message", "stats count(*) by @message",
      "fields concat(@message, 'x') as y | limit 2",
      "filter @message like /x/ or a = 1 | stats count(*)", "filter ispresent(a) | stats count(*)",
      "filter @timestamp > 5 | stats count(*)", "filter a = 1 | limit 1",
    ])
  func files(query: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      (0..<50).map {
        "{\"timestamp\":\(1_700_000_000_000 + $0),\"message\":\"{\\\"a\\\":\($0)}\"}\n"
      }
      .joined(), to: "e.ndjson")
    let store = "\(folder.path)/s.db"
    _ = try Engine.ingest(
      [file], intoStoreAt: store, options: ImportOptions(logGroup: "/g", logStream: "s"))
    for _ in 0..<2 {
      let engine = try Engine(readingStoreAt: store)
      _ = try engine.answer(SourceText(query), options: Binder.Options())
    }
    #expect(try Self.openFiles(below: store) == [])
  }
}
