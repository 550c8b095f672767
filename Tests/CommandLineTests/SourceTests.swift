import Foundation
import InsightsTestSupport
import Testing

@Suite("answers from files, groups and streams")
struct SourceTests {
  @Test("--from answers as a store of the same files does, and leaves nothing behind")
  func from() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let other = try program.folder.write(
      "2026-02-11T10:00:00.000Z order 2 received\n", to: "other.log")
    let query = ["query", "stats count(*) as n", "--format", "csv"]
    for (options, count) in [(["--from", log], 9), (["--from", log, "--from", other], 10)] {
      let output = try program.run(query + options)
      #expect(output.status == 0)
      #expect(output.standardOutput == "n\n\(count)\n")
      #expect(output.standardError == "")
    }
    let facts = try program.run(
      "query", "SOURCE invocations | stats count(*) as n", "--from", log, "--format", "csv")
    #expect(facts.standardOutput == "n\n3\n")
    #expect(try program.files() == ["other.log", "shop.log"])
  }

  @Test("--from takes standard input, and run takes --from")
  func fromStandardInput() throws {
    let program = try Program()
    let file = try program.folder.write("stats count(*) as n", to: "count.insights")
    let output = try program.run(
      ["run", file, "--from", "-", "--format", "csv", "--fail-if", "any"],
      input: Data(Samples.log.utf8))
    #expect(output.status == 1)
    #expect(output.standardOutput == "n\n9\n")
    #expect(try program.files() == ["count.insights"])
  }

  @Test(
    "--from with a path that is not there answers from the others and is 66; with --db it is 64")
  func fromMissing() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let query = ["query", "stats count(*) as n", "--format", "csv", "--from", log]
    let output = try program.run(query + ["--from", "nowhere.log"])
    #expect(output.status == 66)
    #expect(output.standardOutput == "n\n9\n")
    #expect(output.standardError.contains("nowhere.log"))
    #expect(try program.run(query + ["--db", "x.db"]).status == 64)
  }

  @Test(
    "every command that looks at a store answers from files as well",
    arguments: ["triage", "metrics", "info", "fields", "groups", "streams"])
  func fromOfOthers(command: String) throws {
    let program = try Program()
    let text = Samples.log + "2026-02-11T10:00:00.000Z {\"level\":\"ERROR\",\"service\":\"a\"}\n"
    let log = try program.folder.write(text, to: "shop.log")
    _ = try program.run("ingest", log, "--db", "made.db")
    let arguments = [command, "--format", "json"]
    let expected = try program.run(arguments + ["--db", "made.db"])
    let output = try program.run(arguments + ["--from", log])
    #expect(output.status == 0)
    #expect(output.standardOutput.count > 20)
    #expect(output.standardOutput == expected.standardOutput)
    #expect(try program.files() == ["made.db", "shop.log"])
    let missing = try program.run(arguments + ["--from", log, "--from", "nowhere.log"])
    #expect(missing.status == 66)
    #expect(missing.standardOutput == expected.standardOutput)
    #expect(try program.run(arguments + ["--from", log, "--db", "made.db"]).status == 64)
  }

  @Test("groups and streams count events and tell their first and last times")
  func groupsAndStreams() throws {
    let program = try Program.withSampleStore()
    let log = try program.folder.write(
      "2026-02-11T10:00:00.000Z order 2 received\n", to: "other.log")
    _ = try program.run("ingest", "--log-group", "/other", "--log-stream", "a", log)
    let groups = try program.run("groups", "--format", "csv")
    #expect(groups.status == 0)
    #expect(
      groups.standardOutput.contains(
        ":/aws/lambda/shop,,9,2026-02-11 09:00:00.000,2026-02-11 09:10:00.500\n"))
    #expect(groups.standardOutput.hasPrefix("@log,streams,events,first,last\n"))
    let streams = try rows(try program.run("streams", "--format", "json").standardOutput)
    #expect(streams.map { $0["events"] as? Int } == [1, 9])
    #expect(streams.first?["@logStream"] as? String == "a")
    let other = try program.run("streams", "--log-group", "/other", "--format", "csv")
    #expect(other.standardOutput.split(separator: "\n").count == 2)
  }

  @Test(
    "a log group that is not there is a warning that names those that are, the likeliest first",
    arguments: [
      ["query", "limit 1"], ["groups"], ["streams"], ["triage"], ["metrics"],
      ["export", "--to", "ndjson"],
    ])
  func unknownLogGroup(command: [String]) throws {
    let program = try Program.withSampleStore()
    let log = try program.folder.write(
      "2026-02-11T10:00:00.000Z order 2 received\n", to: "other.log")
    _ = try program.run("ingest", "--log-group", "/aws/lambda/another", log)
    let output = try program.run(command + ["--log-group", "shp"])
    #expect(output.status == 0)
    #expect(
      output.standardError.contains(
        """
        warning: no log group matches 'shp'
          = note: log groups: '/aws/lambda/shop', '/aws/lambda/another'
          = help: list them: insights groups

        """))
    let quiet = try program.run(command + ["--log-group", "shp", "--quiet"])
    #expect(quiet.standardError == "")
    let known = try program.run(command + ["--log-group", "*/shop"])
    #expect(!known.standardError.contains("no log group"))
  }
}
