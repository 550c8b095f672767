import Foundation
import InsightsTestSupport
import Testing

@Suite("--verbose")
struct VerboseTests {
  @Test("ingest tells of each file its format, groups and events")
  func files() throws {
    let program = try Program()
    try FileManager.default.createDirectory(
      atPath: program.path("logs"), withIntermediateDirectories: true)
    _ = try program.folder.write(Samples.log, to: "logs/a.log")
    _ = try program.folder.write(
      #"{"events":[{"timestamp":1770800400000,"message":"one","logStreamName":"s"}]}"#,
      to: "logs/b.json")
    let first = try program.run("ingest", "logs", "--log-group", "/aws/lambda/shop", "--verbose")
    #expect(first.status == 0)
    #expect(first.standardError.hasPrefix("detail: logs/a.log: format "))
    #expect(first.standardError.contains(", log group /aws/lambda/shop, 9 events\n"))
    #expect(
      first.standardError.contains(
        "b.json: format filter-log-events, log group /aws/lambda/shop, 1 event\n"))
    let again = try program.run("ingest", "logs", "--log-group", "/aws/lambda/shop", "-v")
    #expect(again.standardError.contains(", 0 events, 9 there already\n"))
    #expect(again.standardOutput.contains("duplicates   10"))
    let quiet = try program.run("ingest", "logs", "--log-group", "/aws/lambda/shop")
    #expect(quiet.standardError == "")
  }

  @Test("a query tells its plan and the segments that it read, the program's own as well")
  func queries() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("query", "filter @type = 'REPORT' | limit 1", "--verbose")
    #expect(output.status == 0)
    #expect(output.standardError.hasPrefix("detail: query 'query'\n  scan events"))
    #expect(output.standardError.contains("\n  segments: read "))
    let pack = try program.run("run", "lambda/errors", "lambda/cost", "--verbose")
    #expect(pack.standardError.contains("detail: query 'lambda/errors'\n"))
    #expect(pack.standardError.contains("detail: query 'lambda/cost'\n"))
    let json = try program.run(
      "query", "limit 1", "--from", "nowhere.log", "--verbose", "--error-format", "json")
    for line in json.standardError.split(separator: "\n") {
      #expect(try object(in: line)["severity"] != nil)
    }
    #expect(try program.run("groups", "-v").standardError.contains("detail: query 'listing'\n"))
  }

  private func object(in line: Substring) throws -> [String: Any] {
    try json(String(line)) as? [String: Any] ?? [:]
  }

  @Test("every command takes it; with --quiet it is 64")
  func everywhere() throws {
    let program = try Program.withSampleStore()
    for command in [["info"], ["fields"], ["formats"], ["functions"], ["check", "limit 1"]] {
      #expect(try program.run(command + ["--verbose"]).status == 0, "\(command)")
    }
    #expect(try program.run("info", "--verbose", "--quiet").status == 64)
  }
}
