import Foundation
import InsightsTestSupport
import Testing

/// What multiplies in a query is bounded, and the error says what it was.
@Suite("limits of queries")
struct QueryLimitTests {
  /// Events before the clock was set and after, so that there are 29 million minutes between them.
  private func wrongClock() throws -> Program {
    let program = try Program()
    _ = try program.folder.write(
      """
      1970-01-01T00:00:00.000Z the clock was not set
      2026-01-01T00:00:00.000Z and now it is

      """, to: "clock.log")
    return program
  }

  @Test("of periods that are filled in, no more are made than are asked for")
  func fewPeriods() throws {
    let output = try wrongClock().run(
      "query", "stats count(*) as n by bin(1m) as t | fillmissing with 0 for n | limit 3",
      "--from", "clock.log", "--format", "csv")
    #expect(output.status == 0)
    #expect(
      output.standardOutput == """
        t,n
        2026-01-01 00:00:00.000,1
        2025-12-31 23:59:00.000,0
        2025-12-31 23:58:00.000,0

        """)
    let oldest = try wrongClock().run(
      "query", "stats count(*) as n by bin(1m) as t | fillmissing with 0 for n | sort t | limit 2",
      "--from", "clock.log", "--format", "csv")
    #expect(
      oldest.standardOutput == """
        t,n
        1970-01-01 00:00:00.000,1
        1970-01-01 00:01:00.000,0

        """)
  }

  @Test("where all periods are needed, too many are an error that counts them")
  func manyPeriods() throws {
    let output = try wrongClock().run(
      "query", "stats count(*) as n by bin(1m) as t | fillmissing with 0 for n | stats sum(n)",
      "--from", "clock.log")
    #expect(output.status == 65)
    #expect(output.standardError.contains("'fillmissing' makes 29,453,761 rows"))
    let days = try wrongClock().run(
      "query",
      "stats count(*) as n by bin(1d) as t | fillmissing with 0 for n | stats count(*) as c",
      "--from", "clock.log", "--format", "csv")
    #expect(days.standardOutput == "c\n20455\n")
  }

  @Test("a query that becomes too large a statement is an error that says so, not a bug")
  func largeStatement() throws {
    let query = "fields 1 as a" + String(repeating: " | expand a", count: 100)
    let output = try wrongClock().run("query", query, "--from", "clock.log")
    #expect(output.status == 65)
    #expect(output.standardError.contains("the query is too large for SQLite: at most 64 tables"))
    #expect(!output.standardError.contains("SELECT"))
  }

  @Test("traps that explain an empty result are told by the query itself")
  func explanations() throws {
    let program = try wrongClock()
    func errors(_ query: String) throws -> String {
      try program.run("query", query, "--from", "clock.log").standardError
    }
    #expect(try errors("filter @message like \"%clock%\"").contains("'%' is no wildcard"))
    #expect(
      try errors("stats count(*) by @type | filter count > 10")
        .contains("name it: stats count(*) as count"))
    #expect(try !errors("filter @message like \"clock%\" or 1 = 1").contains("wildcard"))
  }

  @Test("relative times may stand behind a blank; names that are near are offered")
  func forgiveness() throws {
    let program = try wrongClock()
    let recent = try program.run(
      "query", "stats count(*) as n", "--start", "-3h", "--end", "-0s", "--now",
      "2026-01-01T01:00:00Z", "--from", "clock.log", "--format", "csv")
    #expect(recent.standardOutput == "n\n1\n", "\(recent.standardError)")
    let missing = try program.run("query", "limit 1", "--start", "--end", "--from", "clock.log")
    #expect(missing.status == 64)
    #expect(
      try program.run("run", "errors", "--from", "clock.log").standardError
        .contains("'lambda/errors'"))
    let help = try program.run("help", "qry")
    #expect(help.status == 64)
    #expect(help.standardError.contains("'query'"))
  }
}
