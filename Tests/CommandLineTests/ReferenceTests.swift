import Foundation
import InsightsTestSupport
import Testing

@Suite("explain, check, fields, info and the reference commands")
struct ReferenceTests {
  @Test(
    "explain prints every stage without a store",
    arguments: [
      ("tokens", "1:1 word filter"), ("syntax", "filter"), ("plan", "scan"), ("sql", "SELECT"),
      ("sqlite", "events"),
    ])
  func explain(stage: String, part: String) throws {
    let program = try Program()
    let output = try program.run(
      "explain", "filter @message like /ERROR/ | limit 5", "--stage", stage)
    #expect(output.status == 0)
    #expect(output.standardOutput.contains(part))
    #expect(output.standardError == "")
    #expect(try program.files() == [])
  }

  @Test("explain of an unknown stage is a usage error, of a wrong query 65")
  func explainErrors() throws {
    #expect(try Program().run("explain", "limit 1", "--stage", "magic").status == 64)
    let output = try Program().run("explain", "filter (", "--stage", "plan")
    #expect(output.status == 65)
    #expect(output.standardOutput == "")
  }

  @Test("check takes queries and files, and tells of all that are wrong")
  func check() throws {
    let program = try Program()
    let file = try program.folder.write("# parameter: n\nlimit {{n}}\n", to: "good.insights")
    #expect(try program.run("check", "limit {{n}}", file).status == 0)
    let output = try program.run("check", "limt 1", "limit 1", "fields nope(1)")
    #expect(output.status == 65)
    #expect(output.standardError.contains("'limt'"))
    #expect(output.standardError.contains("'nope'"))
    #expect(try program.run("check", "gone.insights", "limit 1").status == 66)
    #expect(try program.files() == ["good.insights"])
  }

  @Test("every saved query passes check")
  func checkPack() throws {
    let files = Repository.files(in: "Queries", suffix: ".insights").map { Repository.url($0).path }
    let output = try Program().run(["check"] + files)
    #expect(output.status == 0)
    #expect(!output.standardError.split(separator: "\n").contains { $0.hasPrefix("error") })
  }

  @Test("fields lists discovered fields, the most frequent first")
  func fields() throws {
    let output = try Program().run(
      "fields", "--db", try SampleStore.path, "--format", "json")
    let names = try rows(output.standardOutput).compactMap { $0["field"] as? String }
    #expect(names.contains("warehouse.latencyMs"))
    #expect(names.contains("level"))
    let counts = try rows(output.standardOutput).compactMap { $0["events"] as? Int }
    #expect(counts == counts.sorted(by: >))
  }

  @Test("info tells what the store holds")
  func info() throws {
    let output = try Program().run("info", "--db", try SampleStore.path, "--format", "json")
    let figures = try #require(try json(output.standardOutput) as? [String: Any])
    for (name, count) in [
      "events": 756, "invocations": 117, "cold_starts": 14, "timeouts": 6, "oom": 3,
    ] {
      #expect(figures[name] as? Int == count, "\(name)")
    }
    for name in ["oom_suspects", "init_failures", "suppressed_inits", "throttles"] {
      #expect(figures[name] is Int, "\(name)")
    }
    let table = try Program().run("info", "--db", try SampleStore.path).standardOutput
    #expect(table.hasPrefix("events            756\n"))
    #expect(table.contains("\nfirst event       2026-03-17 01:31:03.802\n"))
    #expect(table.contains("\ncold starts       14\n"))
  }

  @Test("info and fields without a store are 66", arguments: ["info", "fields"])
  func missingStore(command: String) throws {
    let output = try Program().run(command)
    #expect(output.status == 66)
    #expect(output.standardOutput == "")
  }

  @Test(
    "the reference commands list what there is",
    arguments: [
      ("functions", "function", "strlen"), ("commands", "command", "dedup"),
      ("formats", "format", "s3-export"),
    ])
  func reference(command: String, column: String, name: String) throws {
    let output = try Program().run(command, "--format", "json")
    let entries = try rows(output.standardOutput)
    #expect(entries.contains { ($0[column] as? String)?.contains(name) == true })
    #expect(entries.allSatisfy { ($0["summary"] as? String)?.isEmpty == false })
  }

  @Test("functions and commands by name come with all their examples, in any case and by any name")
  func referenceByName() throws {
    let functions = try rows(
      Program().run("functions", "STRFTIME", "concat", "--format", "json").standardOutput)
    #expect(functions.count == 4)
    #expect(
      functions.first?["example"] as? String == """
        fields formatDate(fromMillis(1672628645000), "%d %b %Y %H:%M") | limit 1
        """)
    #expect(functions.first?["result"] as? String == "02 Jan 2023 03:04")
    let commands = try rows(Program().run("commands", "where", "--format", "json").standardOutput)
    #expect(commands.count == 2)
    #expect(commands.allSatisfy { ($0["example"] as? String)?.hasPrefix("filter ") == true })
  }

  @Test(
    "an unknown function or command is a usage error with a suggestion",
    arguments: [("functions", "concta", "'concat'"), ("commands", "filtr", "'filter'")])
  func unknownName(command: String, name: String, suggestion: String) throws {
    let output = try Program().run(command, name)
    #expect(output.status == 64)
    #expect(output.standardOutput == "")
    #expect(output.standardError.hasPrefix("error: there is no "))
    #expect(output.standardError.contains(suggestion))
  }

  @Test("--version is one line")
  func version() throws {
    let output = try Program().run("--version")
    #expect(output.status == 0)
    #expect(output.standardOutput.hasPrefix("insights "))
    #expect(output.standardOutput.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
  }

  @Test("usage errors are told like all others, as text or as JSON")
  func usageErrors() throws {
    let text = try Program().run("queries", "show").standardError
    #expect(
      text == """
        error: missing expected argument '<name>'
          = note: usage: insights queries show <name> [<options>]
          = help: insights queries show --help

        """)
    let error = try json(
      Program().run("query", "limit 1", "--limit", "x", "--error-format", "json").standardError)
    #expect((error as? [String: Any])?["severity"] as? String == "error")
  }

  @Test("an unknown command is a usage error")
  func unknownCommand() throws {
    for arguments in [["qwery"], ["--no-such-option"], ["queries", "shwo", "x"]] {
      let output = try Program().run(arguments)
      #expect(output.status == 64)
      #expect(output.standardOutput == "")
      #expect(output.standardError.hasPrefix("error: "))
    }
    #expect(
      try Program().run("qwery", "limit 1").standardError
        == "error: unknown command 'qwery'\n  = help: a command with a similar name exists: 'query'\n"
    )
  }
}
