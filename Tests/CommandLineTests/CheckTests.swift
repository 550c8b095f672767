import Foundation
import InsightsTestSupport
import Testing

@Suite("check")
struct CheckTests {
  @Test("traps of CloudWatch are warnings, and no reason to fail")
  func traps() throws {
    let output = try Program().run(
      "check", "stats max(@memorySize / 1024 / 1024) as mb", "--error-format", "json")
    #expect(output.status == 0)
    let lines = output.standardError.split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines.first?.contains("\"id\":\"memory-divisor\"") == true)
    #expect(try Program().run("check", "fields level", "--quiet").standardError == "")
  }

  @Test("with a store its fields are known, and the cost in CloudWatch is told")
  func store() throws {
    let output = try Program().run(
      "check", "filter httpStatus = 500 | limit 1", "--db", SampleStore.path)
    #expect(output.status == 0)
    #expect(output.standardError.contains("no event has a field 'httpStatus'"))
    #expect(output.standardError.contains("bytes of messages: less than US$ 0.0001 in CloudWatch"))
    #expect(output.standardError.contains("us-east-1"))
  }

  @Test("a range of time and log groups lessen the cost")
  func range() throws {
    func bytes(_ arguments: String...) throws -> String? {
      try Program().run(["check", "limit 1", "--db", SampleStore.path] + arguments).standardError
        .split(separator: "\n").first { $0.hasPrefix("note: query reads") }.map(String.init)
    }
    let all = try #require(try bytes())
    let none = try #require(try bytes("--log-group", "/nowhere/*"))
    #expect(none.hasPrefix("note: query reads 0 bytes"))
    #expect(all != none)
    #expect(try bytes("--end", "2000-01-01") == none)
  }

  @Test("the usual store is used where there is one, and not missed where there is none")
  func usualStore() throws {
    let program = try Program()
    #expect(try program.run("check", "limit 1").standardError == "")
    let log = try program.folder.write("2023-01-02T03:04:05.000Z hello\n", to: "a.log")
    #expect(try program.run("ingest", log, "--quiet").status == 0)
    let output = try program.run("check", "limit 1")
    #expect(output.standardError.hasPrefix("note: query reads 5 bytes of messages: less than"))
    let missing = try program.run("check", "limit 1", "--db", "gone.db")
    #expect(missing.status == 66)
  }
}
