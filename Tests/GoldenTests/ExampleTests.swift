import InsightsEngine
import InsightsModel
import InsightsOutput
import InsightsQuery
import InsightsTestSupport
import Testing

@Suite("examples")
struct ExampleTests {
  /// An engine over a store of one event, which has no fields.
  private static func withEngine(_ body: (Engine) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let log = try folder.write("2023-01-02T03:04:05.000Z one event\n", to: "one.log")
    _ = try Engine.ingest([log], intoStoreAt: "\(folder.path)/one.db")
    let engine = try Engine(readingStoreAt: "\(folder.path)/one.db")
    try engine.load([
      LookupTable(name: "users", columns: ["id", "name", "team"], rows: [["1", "Ann", "red"]]),
      LookupTable(name: "networks", columns: ["cidr", "owner"], rows: [["10.0.0.0/8", "us"]]),
    ])
    try body(engine)
  }

  @Test("examples: every function gives what its entry says")
  func functions() throws {
    try Self.withEngine { engine in
      for function in FunctionRegistry.all {
        for example in function.exampleQueries {
          let answer = try engine.answer(
            SourceText(example.query), options: Binder.Options(now: 1_672_628_645_000))
          #expect(answer.table.rows.count == 1)
          var shown = OutputBuffer()
          try OutputFormatRegistry.formatter(named: "csv", for: .none)?
            .write(answer.table, to: &shown)
          let lines = String(decoding: shown.bytes, as: UTF8.self).split(
            whereSeparator: \.isNewline)
          // A row that is empty is shown as one empty cell.
          let result = lines.dropFirst().joined()
          #expect((result == "\"\"" ? "" : result) == example.result, "\(example.query)")
        }
      }
    }
  }

  @Test("examples: every query of a command's entry runs")
  func commands() throws {
    try Self.withEngine { engine in
      for descriptor in CommandRegistry.all.map({ $0.descriptor }) {
        for example in descriptor.examples {
          _ = try engine.answer(SourceText(example), options: Binder.Options())
        }
      }
    }
  }
}
