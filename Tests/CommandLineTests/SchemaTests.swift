import Foundation
import InsightsTestSupport
import Testing

@Suite("insights schema")
struct SchemaTests {
  @Test("the tables for ClickHouse are those of the page")
  func clickHouse() throws {
    let output = try Program().run("schema", "--for", "clickhouse")
    #expect(output.status == 0)
    #expect(output.standardError == "")
    let page = try Repository.text(of: "Documentation/ClickHouse.md")
    #expect(page.contains("```sql\n\(output.standardOutput)```\n"))
  }

  @Test("on a cluster each table is one of the shards and one over all of them")
  func cluster() throws {
    let output = try Program().run(
      "schema", "--for", "clickhouse", "--cluster", "it's", "--replicated")
    #expect(output.status == 0)
    #expect(output.standardError.contains("not tried on a cluster"))
    let statements = output.standardOutput.components(separatedBy: ";\n")
    let tables = ["events", "invocations", "errors"]
    for table in tables {
      let local = statements.filter {
        $0.contains(#"CREATE TABLE IF NOT EXISTS \#(table)_local ON CLUSTER 'it\'s' ("#)
      }
      #expect(local.count == 1)
      #expect(
        local.first?.contains(
          "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/\(table)_local', '{replica}')"
        ) == true)
      #expect(
        statements.contains {
          $0.contains(
            #"CREATE TABLE IF NOT EXISTS \#(table) ON CLUSTER 'it\'s' AS \#(table)_local"#)
            && $0.contains(
              "ENGINE = Distributed('it\\'s', currentDatabase(), \(table)_local, cityHash64(log_group, log_stream))"
            )
        })
    }
    let views = statements.filter { $0.contains("CREATE VIEW") }
    #expect(views.count == 2)
    #expect(views.allSatisfy { $0.contains("ON CLUSTER") })
    #expect(statements.last { $0.contains("CREATE") }?.contains("insights_schema") == true)
  }

  @Test("the tables for SQLite make an empty store")
  func sqlite() throws {
    let program = try Program()
    let output = try program.run("schema", "--for", "sqlite")
    #expect(output.status == 0)
    let log = try program.folder.write("hello\n", to: "a.log")
    #expect(try program.run("ingest", log).status == 0)
    let version = try Program.rows(
      of: "PRAGMA user_version", in: program.path("insights.db"))[0][0]
    for text in [
      "PRAGMA user_version = \(version ?? "");", "CREATE VIEW errors AS",
      "CREATE VIEW invocations AS",
    ] {
      #expect(output.standardOutput.contains(text), "\(text)")
    }
  }

  @Test(
    "options of another database, and none, are usage errors",
    arguments: [
      ["schema"], ["schema", "--for", "oracle"], ["schema", "--for", "sqlite", "--replicated"],
      ["schema", "--for", "clickhouse", "--cluster", ""],
    ])
  func usage(arguments: [String]) throws {
    let output = try Program().run(arguments)
    #expect(output.status == 64)
    #expect(output.standardOutput == "")
  }
}
