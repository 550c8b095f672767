import Foundation
import InsightsTestSupport
import Testing

/// What `--output` may replace, and when.
@Suite("output files")
struct OutputFileTests {
  private func content(_ name: String, of program: Program) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: program.path(name)))
  }

  @Test("the store, its files and the inputs are refused by every path, and stay as they are")
  func refused() throws {
    let program = try Program()
    _ = try program.folder.write(Samples.log, to: "shop.log")
    #expect(try program.run("ingest", "shop.log", "--db", "s.db").status == 0)
    _ = try program.runShell(
      "ln -s s.db link.db; ln s.db hard.db; mkdir logs; cp shop.log logs/a.log; ln -s .. up")
    _ = try program.folder.write("stats count(*) as n", to: "q.insights")
    let store = try content("s.db", of: program)
    for output in [
      "s.db", "./s.db", "link.db", "hard.db",
      "up/\(program.folder.path.split(separator: "/").last ?? "")/s.db", "s.db-wal", "s.db-journal",
    ] {
      for command in [
        ["query", "stats count(*)"], ["run", "lambda/errors"], ["metrics"], ["triage"],
        ["fields"], ["groups"], ["export", "--to", "csv"], ["export", "--to", "sqlite"],
      ] {
        let result = try program.run(command + ["--db", "s.db", "--output", output])
        #expect(result.status == 64, "\(command) \(output): \(result.standardError)")
      }
    }
    #expect(try content("s.db", of: program) == store)
    for (paths, output) in [
      (["shop.log"], "shop.log"), (["logs"], "logs/a.log"), (["shop.log", "logs"], "./logs/a.log"),
    ] {
      let from = paths.flatMap { ["--from", $0] }
      for command in [["query", "limit 1"], ["export", "--to", "ndjson"]] {
        let result = try program.run(command + from + ["--output", output])
        #expect(result.status == 64, "\(result.standardError)")
      }
    }
    #expect(
      try program.run("query", "--file", "q.insights", "--db", "s.db", "--output", "q.insights")
        .status == 64)
    // Not the store of this command, but one all the same.
    #expect(
      try program.run("query", "limit 1", "--from", "shop.log", "--output", "s.db").status == 64)
    #expect(try content("s.db", of: program) == store)
    #expect(try content("shop.log", of: program) == Data(Samples.log.utf8))
    #expect(try content("logs/a.log", of: program) == Data(Samples.log.utf8))
    // A new file in a folder of inputs takes nobody's place.
    #expect(
      try program.run("query", "limit 1", "--from", "logs", "--output", "logs/new.csv").status == 0)
  }

  @Test("a command that fails leaves the old file; links and rights stay")
  func replaced() throws {
    let program = try Program.withSampleStore()
    _ = try program.folder.write("old\n", to: "out.csv")
    _ = try program.runShell("chmod 640 out.csv; ln -s out.csv link.csv")
    let failed = try program.run(
      "query", "filter @message like /(a+)+$/ | limit 1", "--output", "out.csv", "--timeout", "1ms")
    if failed.status == 65 {
      #expect(try content("out.csv", of: program) == Data("old\n".utf8))
    }
    let written = try program.run(
      "query", "stats count(*) > 0 as n", "--format", "csv", "--output", "link.csv")
    #expect(written.status == 0, "\(written.standardError)")
    #expect(try content("out.csv", of: program) == Data("n\n1\n".utf8))
    let rights = try program.runShell("stat -c %a out.csv; readlink link.csv")
    #expect(rights.standardOutput == "640\nout.csv\n")
    #expect(try program.files() == ["insights.db", "link.csv", "out.csv"])
  }

  @Test(
    "an export that is killed leaves the old file, and no other",
    arguments: ["ndjson", "csv", "sqlite"])
  func killedExport(target: String) throws {
    let program = try Program()
    let line = "2026-02-11T09:00:00.000Z order received\n"
    _ = try program.folder.write(String(repeating: line, count: 20_000), to: "many.log")
    #expect(try program.run("ingest", "many.log").status == 0)
    _ = try program.folder.write(target == "sqlite" ? "" : "old\n", to: "out")
    for delay in [0.02, 0.05, 0.1] {
      let output = try program.runShell(
        """
        "$0" export --to \(target) --output out & pid=$!
        sleep \(delay); kill -TERM $pid 2>/dev/null; wait $pid; echo $?
        """)
      // By the signal, or by the program, which has removed what it had begun.
      if ["143\n", "130\n"].contains(output.standardOutput) {
        let expected = target == "sqlite" ? "" : "old\n"
        #expect(try content("out", of: program) == Data(expected.utf8))
      } else {
        #expect(output.standardOutput == "0\n", "\(output.standardError)")
      }
      _ = try program.folder.write(target == "sqlite" ? "" : "old\n", to: "out")
      #expect(try program.files() == ["insights.db", "many.log", "out"])
    }
  }
}
