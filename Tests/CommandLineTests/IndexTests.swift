import Foundation
import InsightsTestSupport
import Testing

@Suite("index, and explain --stage scan")
struct IndexTests {
  /// A program whose store has two log groups, a segment each.
  private func program() throws -> Program {
    let program = try Program()
    for (number, order) in ["A-1", "A-2"].enumerated() {
      let log = try program.folder.write(
        """
        2026-02-11T09:0\(number):00.000Z {"level":"INFO","order":"\(order)"}
        2026-02-11T09:0\(number):01.000Z {"level":"ERROR","order":"\(order)"}

        """, to: "orders.log")
      _ = try program.run("ingest", "--log-group", "/aws/lambda/g\(number)", log)
    }
    return program
  }

  @Test("indexes are listed, added and removed")
  func listing() throws {
    let program = try program()
    let empty = try program.run("index")
    #expect(empty.status == 0)
    let added = try program.run("index", "order", "level", "--format", "json")
    #expect(added.status == 0)
    #expect(added.standardError == "")
    let rows = try rows(added.standardOutput)
    #expect(rows.map { $0["field"] as? String } == ["level", "order"])
    #expect(rows.map { $0["segments"] as? Int } == [2, 2])
    #expect(rows.map { $0["bytes"] as? Int } == [16, 16])
    let removed = try program.run("index", "--remove", "level", "--format", "csv")
    #expect(removed.standardOutput == "field,segments,bytes\norder,2,16\n")
    // The store stays one file.
    #expect(try program.files() == ["insights.db", "orders.log"])
  }

  @Test("a field that no event has is told")
  func unknownField() throws {
    let program = try program()
    let output = try program.run("index", "ordr", "@requestId", "action", "--quiet")
    #expect(output.standardError == "")
    let told = try program.run("index", "ordr", "@requestId", "action")
    #expect(told.status == 0)
    #expect(
      told.standardError == """
        note: no event has a field 'ordr'
          = help: a field with a similar name exists: 'order'

        """)
  }

  @Test("wrong uses")
  func wrongUses() throws {
    let program = try Program()
    #expect(try program.run("index", "--remove").status == 64)
    #expect(try program.run("index", "").status == 64)
    #expect(try program.run("index").status == 66)
    #expect(try program.run("index", "order").status == 66)
    #expect(try program.files() == [])
  }

  @Test("--timing tells what an index skipped")
  func timing() throws {
    let program = try program()
    _ = try program.run("index", "order")
    let output = try program.run(
      "query", #"filterIndex order = "A-2" | stats count(*) as n"#, "--format", "csv", "--timing")
    #expect(output.standardOutput == "n\n2\n")
    #expect(
      output.standardError.contains(
        "read 1 of 2 segments (skipped: 1 by index), 2 of 4 events"))
    let numbers = try program.run(
      "query", #"filterIndex order = "A-2" | stats count(*) as n"#, "--timing",
      "--error-format=json")
    let scan = try (json(numbers.standardError) as? [String: Any])?["scan"] as? [String: Int]
    #expect(scan?["segments_skipped_by_index"] == 1)
    #expect(scan?["segments_not_reached"] == 0)
    #expect(scan?["events_skipped"] == 2)
    #expect(scan?["text_bytes_skipped"] == 61)
  }

  @Test("explain tells what the scan did and read, and what is left to SQLite")
  func explain() throws {
    let program = try program()
    _ = try program.run("index", "order")
    let output = try program.run(
      "explain", #"filterIndex order = "A-2" | filter @message like /ERROR/ | stats count(*) as n"#,
      "--stage", "scan")
    #expect(output.status == 0)
    #expect(output.standardError == "")
    let text = output.standardOutput.replacing(/[0-9]+ bytes/, with: "0 bytes")
    #expect(
      text == """
        scan
          where ("order" = 'A-2')
          where matches("@message", 'ERROR')
          "n" = rowCount(*)
          by the index of order
          by the filters of messages: 'ERROR'
          read 1 of 2 segments (skipped: 1 by index), 2 of 4 events, 0 bytes; skipped 2 events, 0 bytes of messages
          segment 1, 2026-02-11 09:00:00.000 to 2026-02-11 09:00:01.000: skipped by index
          segment 2, 2026-02-11 09:01:00.000 to 2026-02-11 09:01:01.000: read

        SQLite
        SELECT "n"
        FROM "events"
        LIMIT 10000

        """)
  }

  @Test("explain tells of each scan; the range of time may be relative to the newest event")
  func explainOfSeveral() throws {
    let program = try program()
    let output = try program.run(
      "explain", "filter order in (SOURCE events | fields order) | limit 1", "--stage", "scan",
      "--since=30s", "--now=newest")
    #expect(output.status == 0)
    #expect(output.standardOutput.contains("scan 1\n"))
    #expect(output.standardOutput.contains("scan 2\n"))
    #expect(output.standardOutput.contains("(skipped: 1 by time)"))
    #expect(output.standardOutput.contains("segment 1, 2026-02-11 09:00:00.000"))
  }

  @Test("explain of a scan needs a store")
  func explainWithoutStore() throws {
    let program = try Program()
    #expect(try program.run("explain", "limit 1", "--stage", "scan").status == 66)
    #expect(try program.run("explain", "limt 1", "--stage", "scan").status == 66)
    #expect(try program.files() == [])
  }
}
