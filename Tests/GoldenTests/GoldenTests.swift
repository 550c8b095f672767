import InsightsEngine
import InsightsModel
import InsightsQuery
import InsightsTestSupport
import Testing

@Suite("golden files")
struct GoldenTests {
  static let paths = Repository.files(in: "Tests/GoldenTests/Cases", suffix: ".test")

  @Test("there are golden files")
  func filesAreFound() {
    #expect(Self.paths.count > 10)
  }

  @Test("every stage gives what the file says", arguments: paths)
  func stages(path: String) throws {
    var file = try GoldenFile(path: path)
    #expect(
      file.sections.contains { ["query", "saved", "select"].contains($0.name) },
      "no case in \(path)")
    let mismatches = try GoldenRunner.mismatches(in: file)
    for mismatch in mismatches { mismatch.record(of: path) }
    if Repository.isRecording, !mismatches.isEmpty {
      file.record(
        Dictionary(
          mismatches.map { ($0.section, $0.found) }, uniquingKeysWith: { first, _ in first }))
      try file.save()
    }
  }

  @Test("every query that compiles has its plan beside its rows", arguments: paths)
  func plans(path: String) throws {
    var sections = try GoldenFile(path: path).sections[...]
    while let start = sections.firstIndex(where: { ["query", "saved"].contains($0.name) }) {
      let rest = sections[(start + 1)...]
      let end = rest.firstIndex { !GoldenRunner.outputs.contains($0.name) } ?? sections.endIndex
      let names = rest[..<end].map(\.name)
      #expect(
        names.contains("plan") || names.contains("error"), "\(path): \(sections[start].body)")
      sections = sections[end...]
    }
  }

  @Test("every command and every listed system field stands in a query")
  func coverage() throws {
    var commands = Set(CommandRegistry.all.map { $0.descriptor.keyword })
    var fields = Set(SystemField.listed.map(\.rawValue))
    for path in Self.paths {
      for section in try GoldenFile(path: path).sections where section.name == "query" {
        let (syntax, diagnostics) = Parser.parse(SourceText(section.body))
        guard !diagnostics.contains(where: { $0.severity == .error }) else { continue }
        if syntax.source != nil { commands.remove(SourceCommand.descriptor.keyword) }
        for command in syntax.commands { commands.remove(type(of: command).descriptor.keyword) }
        for word in section.body.split(whereSeparator: { !$0.isLetter && $0 != "@" }) {
          fields.remove(String(word))
        }
      }
    }
    #expect(commands.isEmpty, "add cases in Cases/commands")
    #expect(fields.isEmpty, "add cases in Cases/lambda-fields.test")
  }

  @Test("the canonical form of a query parses to the same canonical form", arguments: paths)
  func printing(path: String) throws {
    for section in try GoldenFile(path: path).sections where section.name == "query" {
      let (syntax, diagnostics) = Parser.parse(SourceText(section.body))
      guard !diagnostics.contains(where: { $0.severity == .error }) else { continue }
      let printed = syntax.description
      let (again, errors) = Parser.parse(SourceText(printed))
      #expect(!errors.contains { $0.severity == .error }, "\(printed)")
      #expect(again.description == printed)
    }
  }
}

extension GoldenRunner.Mismatch {
  /// Fails the test that runs, with both texts.
  func record(of path: String) {
    Issue.record(
      """
      \(path): \(name) of
      \(query)
      --- expected
      \(expected)
      --- found
      \(found)
      """)
  }
}
