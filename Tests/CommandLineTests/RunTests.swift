import Foundation
import InsightsTestSupport
import Testing

@Suite("run and queries")
struct RunTests {
  private func run(_ arguments: String...) throws -> Program.Output {
    try Program().run(["run", "--db", SampleStore.path] + arguments)
  }

  @Test("one query gives its rows")
  func one() throws {
    let output = try run("lambda/oom-kills", "--format", "json")
    #expect(output.status == 0)
    #expect(output.standardError == "")
    #expect(try rows(output.standardOutput).count == 3)
  }

  @Test("several give an object by full names, in the order asked for")
  func several() throws {
    let output = try run("lambda/timeouts", "lambda/errors", "--format", "json")
    let results = try #require(try json(output.standardOutput) as? [String: [[String: Any]]])
    #expect(results.keys.sorted() == ["lambda/errors", "lambda/timeouts"])
    #expect(results["lambda/timeouts"]?.count == 6)
    #expect(output.standardOutput.hasPrefix("{\n  \"lambda/timeouts\": ["))
  }

  @Test("a pack is all of its queries, each under its full name")
  func pack() throws {
    let output = try run("gateway", "--format", "json")
    let results = try #require(try json(output.standardOutput) as? [String: [Any]])
    #expect(results.keys.sorted() == ["gateway/errors-by-cause", "gateway/malformed-responses"])
    let all = try #require(
      try json(run("lambda", "--format", "json").standardOutput) as? [String: [Any]])
    let names = Repository.files(in: "Queries/lambda", suffix: ".insights")
      .map { String($0.dropFirst("Queries/".count).dropLast(".insights".count)) }.sorted()
    #expect(all.keys.sorted() == names)
  }

  @Test("as a table every query stands under its name and title")
  func packTable() throws {
    let output = try run("gateway", "lambda/oom-kills")
    #expect(output.standardOutput.hasPrefix("gateway/errors-by-cause  Gateway errors by cause\n"))
    #expect(output.standardOutput.contains("\n\nlambda/oom-kills  Out of memory\n@timestamp"))
  }

  @Test("a file runs like a saved query")
  func file() throws {
    let program = try Program()
    let file = try program.folder.write(
      "# title: Reports\n# parameter: count=3\nfilter @type = \"REPORT\" | limit {{count}}\n",
      to: "reports.insights")
    let arguments = ["run", file, "--db", try SampleStore.path, "--format", "json"]
    #expect(try rows(program.run(arguments).standardOutput).count == 3)
    #expect(try rows(program.run(arguments + ["--param", "count=2"]).standardOutput).count == 2)
  }

  @Test("rows of several queries do not fit into one stream of rows", arguments: ["csv", "ndjson"])
  func streams(format: String) throws {
    #expect(try run("lambda/errors", "--format", format).status == 0)
    let output = try run("gateway", "--format", format)
    #expect(output.status == 64)
    #expect(output.standardOutput == "")
    #expect(output.standardError.contains("--format json"))
  }

  @Test("--fail-if is true when it is true for any")
  func failIf() throws {
    #expect(try run("lambda/errors", "--fail-if", "any").status == 1)
    #expect(try run("gateway", "--fail-if", "rows > 3").status == 1)
    #expect(try run("gateway", "--fail-if", "rows > 100").status == 0)
    #expect(try run("lambda/errors", "--fail-if", "none").status == 0)
  }

  @Test("an unknown name is 66 with a suggestion")
  func unknownName() throws {
    let output = try run("lambda/erors")
    #expect(output.status == 66)
    #expect(output.standardError.contains("did you mean 'lambda/errors'"))
  }

  @Test("a parameter has to be known to one of the queries")
  func parameters() throws {
    #expect(try run("lambda", "--param", "timeout=10000", "-q", "--format", "json").status == 0)
    let output = try run("lambda/near-timeouts", "--param", "time=1")
    #expect(output.status == 64)
    #expect(output.standardError.contains("parameters: timeout, percent"))
  }

  @Test("saved queries are silent about fields that these logs do not have")
  func absentFields() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("run", "lambda", "--format", "json")
    #expect(output.status == 0)
    #expect(output.standardError == "")
  }

  @Test("queries lists all of Queries/, and finds them without the folder")
  func list() throws {
    let program = try Program()
    let listed = try rows(program.run("queries", "--format", "json").standardOutput)
      .compactMap { $0["name"] as? String }
    let files = Repository.files(in: "Queries", suffix: ".insights")
      .map { String($0.dropFirst("Queries/".count).dropLast(".insights".count)) }.sorted()
    #expect(listed == files)
  }

  @Test("queries show prints the file as it is")
  func show() throws {
    let output = try Program().run("queries", "show", "lambda/errors")
    #expect(output.standardOutput == (try Repository.text(of: "Queries/lambda/errors.insights")))
    let unknown = try Program().run("queries", "show", "lambda/nothing-of-the-kind")
    #expect(unknown.status == 66)
    #expect(unknown.standardOutput == "")
  }

  @Test("queries of ./Queries and --queries come before the built-in ones")
  func folders() throws {
    let program = try Program()
    for folder in ["Queries/lambda", "mine/lambda"] {
      try FileManager.default.createDirectory(
        atPath: program.path(folder), withIntermediateDirectories: true)
      _ = try program.folder.write("# title: \(folder)\nlimit 1\n", to: "\(folder)/errors.insights")
    }
    func text(_ arguments: String...) throws -> String {
      try program.run(["queries", "show", "lambda/errors"] + arguments).standardOutput
    }
    #expect(try text().hasPrefix("# title: Queries/lambda\n"))
    #expect(try text("--queries", "mine").hasPrefix("# title: mine/lambda\n"))
  }
}
