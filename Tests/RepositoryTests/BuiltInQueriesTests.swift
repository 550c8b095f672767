import Foundation
import InsightsEngine
import InsightsOutput
import InsightsQuery
import InsightsTestSupport
import Testing

@Suite("query pack")
struct BuiltInQueriesTests {
  static let files = Repository.files(in: "Queries", suffix: ".insights")
  static let generated = "Sources/InsightsEngine/BuiltInQueries.swift"

  @Test("the binary holds the queries of Queries/ as they are")
  func builtInQueriesAreUpToDate() throws {
    var lines = [
      "// Generated from Queries/ by `make golden`; do not edit.", "",
      "/// The query pack as it was when the program was built, so that the binary needs no files beside it.",
      "enum BuiltInQueries {", "  static let all: [(name: String, text: String)] = [",
    ]
    for path in Self.files {
      let name = path.dropFirst("Queries/".count).dropLast(".insights".count)
      lines.append("    (")
      lines.append("      \"\(name)\",")
      lines.append("      #\"\"\"")
      let text = try Repository.text(of: path)
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        lines.append(line.isEmpty ? "" : "      \(line)")
      }
      lines.append("      \"\"\"#")
      lines.append("    ),")
    }
    lines += ["  ]", "}", ""]
    let text = lines.joined(separator: "\n")
    let isUpToDate = try Repository.text(of: Self.generated) == text
    if !isUpToDate, Repository.isRecording {
      try Data(text.utf8).write(to: Repository.url(Self.generated))
    }
    #expect(isUpToDate, "run 'make golden' and review \(Self.generated)")
  }

  @Test(
    "every query has a title and a description, and compiles with its defaults", arguments: files)
  func queryCompiles(path: String) throws {
    let query = SavedQuery(name: path, text: try Repository.text(of: path))
    #expect(query.title?.isEmpty == false)
    #expect(query.description?.isEmpty == false)
    _ = try CompiledQuery(query.source(filling: [:]), options: Binder.Options())
    if let headline = query.headline { #expect(Headline(headline) != nil, "\(path)") }
  }

  @Test("every query has a golden case over SampleLogs/", arguments: files)
  func queryHasGoldenCase(path: String) throws {
    let name = String(path.dropFirst("Queries/".count).dropLast(".insights".count))
    let cases = name.split(separator: "/").joined(separator: "-")
    let sections = try GoldenFile(path: "Tests/GoldenTests/Cases/packs/\(cases).test").sections
    let results = zip(sections, sections.dropFirst()).filter { query, result in
      query.name == "saved" && query.argument == name && result.name == "result"
    }
    #expect(results.contains { !$0.1.body.isEmpty })
  }

  @Test("the canonical form of a saved query parses to the same canonical form", arguments: files)
  func printing(path: String) throws {
    let query = try SavedQuery(name: path, text: Repository.text(of: path)).source(filling: [:])
    let printed = Parser.parse(query).0.description
    #expect(Parser.parse(SourceText(printed)).0.description == printed)
  }

  @Test("queries that AWS cannot run say so")
  func localQueriesSaySo() throws {
    for path in Self.files {
      let query = SavedQuery(name: path, text: try Repository.text(of: path))
      let usesExtension = ["SOURCE errors", "SOURCE invocations", "SOURCE events"].contains {
        query.text.contains($0)
      }
      #expect(query.isLocal == usesExtension, "\(path)")
    }
  }
}
