import Foundation
import InsightsEngine
import InsightsQuery
import InsightsTestSupport
import Testing

/// Compiles queries that people use, from a collection that is not part of the project.
@Suite("real queries")
struct RealQueryTests {
  private static let url = Repository.url("../shared/queries/real-queries.jsonl")
  static let isThere = FileManager.default.fileExists(atPath: url.path)

  /// Lines that must not compile, and what is wrong with each.
  static let mustFail: [Int: String] = [
    34: "URL without quotes, as AWS's page prints it",
    45: "comma with nothing behind it",
    49: "quotes that are not straight",
    76: "three stars, six names",
    88: "sorts by an expression",
    96: "// is no comment",
    379: "'exists' is no operator",
    418: "breaks off",
    434: "names without 'as'",
    477: "breaks off",
    544: "regex between escaped slashes",
    545: "breaks off",
    546: "breaks off",
    582: "three stars, two names",
    604: "the second 'stats' bins a time that the first did not hand on",
    629: "line breaks escaped for another language",
    630: "line breaks escaped for another language",
    645: "line breaks escaped for another language",
    657: "'~=' is no operator",
    660: "'~=' is no operator",
    674: "'count' without parentheses",
  ]

  /// What dashboards and programs put in before they ask.
  private static let placeholders: [(place: String, value: String)] = [
    ("{extra_filter}", ""), ("{gb}", ""), ("{bucket}", "5m"), ("$__interval", "5m"),
    ("${limit}", "20"),
    ("${traceIdFilter}", "ispresent(@message)"), ("${cloudwatch_error_pattern}", "/ERROR/"),
    ("${fullQueryFilterClause}", "ispresent(@message)"), ("\\${region}", "'eu-west-1'"),
    ("[<attacker-ips>]", "['192.0.2.1']"), ("<start-time>", "1"), ("<end-time>", "2"),
    ("<logOnly_start>", "1"), ("<logOnly_end>", "2"),
  ]

  private struct Line: Decodable {
    var query: String
  }

  @Test(
    "all that are right compile, all that are wrong do not",
    .enabled(if: RealQueryTests.isThere, "the collection is not beside the project"))
  func compiling() throws {
    let lines = try String(contentsOf: Self.url, encoding: .utf8).split(separator: "\n")
    #expect(lines.count > 700)
    for (index, line) in lines.enumerated() {
      var text = try JSONDecoder().decode(Line.self, from: Data(line.utf8)).query
      for (place, value) in Self.placeholders {
        text = text.replacingOccurrences(of: place, with: value)
      }
      let errors = Self.errors(of: text)
      if let reason = Self.mustFail[index + 1] {
        #expect(!errors.isEmpty, "line \(index + 1): \(reason)")
      } else {
        #expect(errors.isEmpty, "line \(index + 1): \(errors)\n\(text)")
      }
    }
  }

  /// The ids of what is wrong with a query.
  private static func errors(of text: String) -> [String] {
    do {
      _ = try CompiledQuery(SourceText(text), options: Binder.Options())
      return []
    } catch {
      return error.diagnostics.filter { $0.severity == .error }.map(\.id)
    }
  }
}
