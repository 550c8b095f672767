import Foundation
import InsightsTestSupport
import Testing

@Suite("lookup and calls of saved queries")
struct LookupTests {
  private static let table = "name,owner\n/aws/lambda/payments,money\n"

  /// A query over the samples that names a table and gives one row.
  private static let query =
    "stats count(*) as n by @log | parse @log '*:*' as account, group | lookup teams name as group OUTPUT owner | filter owner = 'money' | display owner"

  private func run(_ program: Program, _ arguments: String...) throws -> Program.Output {
    try program.run(arguments)
  }

  @Test("--lookup gives a table")
  func option() throws {
    let program = try Program()
    let file = try program.folder.write(Self.table, to: "t.csv")
    let output = try program.run(
      "query", Self.query, "--lookup", "teams=\(file)", "--db", SampleStore.path, "--format", "csv")
    #expect(output.standardError == "")
    #expect(output.standardOutput == "owner\nmoney\n")
  }

  @Test("a table is looked for beside the queries")
  func folder() throws {
    let program = try Program()
    for folder in ["Lookups", "pack/Queries", "pack/Lookups"] {
      try FileManager.default.createDirectory(
        atPath: program.path(folder), withIntermediateDirectories: true)
    }
    _ = try program.folder.write(Self.table, to: "Lookups/teams.csv")
    _ = try program.folder.write("name,owner\n", to: "pack/Lookups/teams.csv")
    let here = try program.run("query", Self.query, "--db", SampleStore.path, "--format", "csv")
    #expect(here.standardOutput == "owner\nmoney\n")
    let there = try program.run(
      "query", Self.query, "--queries", "pack/Queries/", "--db", SampleStore.path, "--format", "csv"
    )
    #expect(there.standardOutput == "owner\n")
    #expect(try program.run("check", Self.query).status == 0)
    let plan = try program.run("explain", Self.query, "--stage", "sqlite")
    #expect(plan.status == 0)
    #expect(plan.standardOutput.contains("lookup teams"))
  }

  @Test("a file that is no table is told with its line")
  func malformed() throws {
    let program = try Program()
    let file = try program.folder.write("a,b\n1\n", to: "t.csv")
    let output = try program.run(
      "query", Self.query, "--lookup", "teams=\(file)", "--db", SampleStore.path)
    #expect(output.status == 65)
    #expect(
      output.standardError
        == "error: lookup table \(file):2: row has 1 fields, the first one has 2\n")
    let missing = try program.run("check", Self.query, "--lookup", "teams=nowhere.csv")
    #expect(missing.standardError.contains("lookup table nowhere.csv: cannot be read"))
  }

  @Test("tables whose names differ only in case are refused")
  func sameName() throws {
    let program = try Program()
    let file = try program.folder.write("a,b\n1,2\n", to: "t.csv")
    let output = try program.run(
      "check", "lookup t a OUTPUT b | lookup T a OUTPUT b as c", "--lookup", "t=\(file)",
      "--lookup", "T=\(file)")
    #expect(output.status == 65)
    #expect(output.standardError.contains("one query cannot use both 't' and 'T'"))
  }

  @Test("a table that is not there is an error of the query")
  func unknown() throws {
    let program = try Program()
    let output = try program.run(
      "query", Self.query, "--lookup", "team=t.csv", "--db", SampleStore.path)
    #expect(output.status == 65)
    #expect(output.standardError.contains("a table with a similar name exists: 'team'"))
    // Queries are checked where their tables are not.
    let check = try program.run("check", Self.query, "--lookup", "team=t.csv")
    #expect(check.status == 0)
    #expect(check.standardError.contains("a table with a similar name exists: 'team'"))
  }

  @Test("query, explain and check take saved queries from where run does")
  func calls() throws {
    let program = try Program()
    try FileManager.default.createDirectory(
      atPath: program.path("pack"), withIntermediateDirectories: true)
    _ = try program.folder.write("stats count(*) as n | limit {{rows}}", to: "pack/Count.insights")
    let call = "filter @type = \"REPORT\" | $Count(rows = 1)"
    let output = try program.run(
      "query", call, "--queries", "pack", "--db", SampleStore.path, "--format", "csv")
    #expect(output.standardError == "")
    #expect(output.standardOutput.hasPrefix("n\n"))
    #expect(try program.run("check", call, "--queries", "pack").status == 0)
    #expect(
      try program.run("explain", call, "--queries", "pack").standardOutput.contains("limit 1"))
    #expect(try program.run("check", "$`lambda/errors`()").status == 0)
    let unknown = try program.run("check", call)
    #expect(unknown.status == 65)
    #expect(unknown.standardError.contains("there is no saved query 'Count'"))
  }
}
