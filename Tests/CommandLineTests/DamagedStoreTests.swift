import Foundation
import InsightsSQLite
import InsightsStore
import InsightsTestSupport
import Testing

/// Every command refuses a store that is not what insights wrote, and says so.
@Suite("damaged stores: commands")
struct DamagedStoreCommandTests {
  private static let pageSize = 4096

  /// The program with a store of a few lines at insights.db.
  private static func program() throws -> Program {
    let program = try Program()
    let log = try program.folder.write(
      """
      2026-02-11T09:00:00.000Z START RequestId: 00000000-0000-4000-8000-000000000001
      2026-02-11T09:00:01.000Z {"level":"ERROR","order":"A-1"}
      2026-02-11T09:00:02.000Z END RequestId: 00000000-0000-4000-8000-000000000001

      """, to: "a.log")
    let output = try program.run("ingest", log, "--log-group", "/aws/lambda/a")
    #expect(output.status == 0, "\(output.standardError)")
    return program
  }

  private static func bytes(_ program: Program) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: program.path("insights.db")))
  }

  /// Changes the store as our own writer would, so that its pages are whole.
  private static func apply(_ sql: String, to program: Program) throws {
    try Connection(path: program.path("insights.db"), mode: .readWrite).execute(sql)
  }

  private static func expectRefusal(
    _ output: Program.Output, _ reason: String, _ command: [String]
  ) {
    #expect(output.status == 66, "\(command): \(output)")
    #expect(output.standardOutput == "", "\(command)")
    #expect(output.standardError.contains(reason), "\(command): \(output.standardError)")
    #expect(output.standardError.contains("ingest the logs again"), "\(command)")
  }

  @Test(
    "each command ends with 66, says where, and what to do",
    arguments: [
      ["query", "fields @message"], ["info"], ["fields"], ["groups"], ["streams"], ["triage"],
      ["metrics"], ["index"], ["index", "order"], ["run", "lambda"], ["tail"],
      ["export", "--to", "ndjson"], ["export", "--to", "sqlite", "--output", "out.db"],
      ["explain", "--stage", "scan", "fields @message"], ["ingest", "a.log", "b.log"],
    ])
  func commands(_ command: [String]) throws {
    let program = try Self.program()
    _ = try program.folder.write("2026-02-11T10:00:00.000Z later\n", to: "b.log")
    var damaged = try Self.bytes(program)
    // The rest of the file is there, and no page of it what it was.
    for page in 1..<damaged.count / Self.pageSize { damaged[page * Self.pageSize + 9] ^= 1 }
    let store = URL(fileURLWithPath: program.path("insights.db"))
    try damaged.write(to: store)
    Self.expectRefusal(
      try program.run(command), "store 'insights.db' is damaged: page ", command)
    #expect(try Data(contentsOf: store) == damaged)
    #expect(try !program.files().contains("out.db"))
  }

  @Test(
    "a schema that is not ours is refused",
    arguments: [
      (
        "CREATE TRIGGER t AFTER INSERT ON log_groups BEGIN DELETE FROM invocation_rows; END",
        "trigger 't' is not one that insights makes"
      ),
      ("CREATE VIEW v AS SELECT 1", "view 'v' is not one that insights makes"),
      ("CREATE TABLE t (a)", "table 't' is not one that insights makes"),
      ("DROP VIEW invocations", "view 'invocations' is missing"),
      (
        "DROP VIEW invocations; CREATE VIEW invocations AS SELECT 1 AS id",
        "is not one that insights makes"
      ),
      ("DROP TABLE segment_blocks", "table 'segment_blocks' is missing"),
      ("DROP INDEX sources_by_head", "index 'sources_by_head' is missing"),
      ("ALTER TABLE sources ADD COLUMN a TEXT", "table 'sources' is not one that insights makes"),
    ])
  func foreignSchema(_ sql: String, _ reason: String) throws {
    let program = try Self.program()
    try Self.apply(sql, to: program)
    let before = try Self.bytes(program)
    for command in [["query", "fields @message"], ["info"], ["ingest", "a.log"]] {
      Self.expectRefusal(try program.run(command), reason, command)
    }
    #expect(try Self.bytes(program) == before)
  }

  @Test("blocks that are gone are damage, not a bug")
  func missingBlocks() throws {
    let program = try Self.program()
    try Self.apply("DELETE FROM segment_blocks", to: program)
    Self.expectRefusal(
      try program.run("query", "fields @message"), "damaged", ["query"])
  }

  @Test("a store of another version is told as one, if it is whole")
  func otherVersion() throws {
    let program = try Self.program()
    try Self.apply("PRAGMA user_version = 99", to: program)
    for command in [["query", "fields @message"], ["info"], ["ingest", "a.log"]] {
      Self.expectRefusal(try program.run(command), "store has version 99", command)
    }
    var damaged = try Self.bytes(program)
    damaged[200] ^= 1
    try damaged.write(to: URL(fileURLWithPath: program.path("insights.db")))
    Self.expectRefusal(try program.run("info"), "damaged: page 1", ["info"])
  }
}
