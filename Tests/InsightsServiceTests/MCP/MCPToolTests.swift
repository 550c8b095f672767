import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsService

@Suite("MCP tools")
struct MCPToolTests {
  @Test(
    "Each tool declares itself as the protocol wants",
    arguments: MCPToolRegistry.all.map { $0.name })
  func declarations(name: String) throws {
    let tool = try #require(MCPToolRegistry.all.first { $0.name == name })
    let declaration = try #require(tool.declaration.object)
    #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    #expect(name.count <= 128)
    #expect(declaration["title"]?.string?.isEmpty == false)
    #expect(declaration["description"]?.string?.isEmpty == false)
    for schema in ["inputSchema", "outputSchema"] {
      #expect(declaration[schema]?.object?["type"] == "object")
      #expect(declaration[schema]?.object?["additionalProperties"] == false)
    }
    let annotations = try #require(declaration["annotations"]?.object)
    #expect(annotations["readOnlyHint"] == true)
    #expect(annotations["destructiveHint"] == false)
    #expect(annotations["idempotentHint"] == true)
    #expect(annotations["openWorldHint"] == false)
  }

  @Test("No name is there twice")
  func names() {
    let names = MCPToolRegistry.all.map { $0.name }
    #expect(Set(names).count == names.count)
  }

  @Test(
    "Values that are not what the schema says are named with their place",
    arguments: [
      ("{\"a\": \"x\"}", nil),
      ("{\"a\": \"x\", \"b\": null}", nil),
      ("{\"a\": \"x\", \"b\": 5, \"c\": [\"p\"], \"d\": {\"k\": true}, \"e\": \"one\"}", nil),
      ("{}", "'a' is missing"),
      ("{\"a\": null}", "'a' takes a string"),
      ("{\"a\": 1}", "'a' takes a string"),
      ("{\"a\": \"x\", \"b\": 5.5}", "'b' takes a whole number"),
      ("{\"a\": \"x\", \"b\": 11}", "'b' takes a whole number from 1 to 10"),
      ("{\"a\": \"x\", \"c\": \"p\"}", "'c' takes a list"),
      ("{\"a\": \"x\", \"c\": [\"p\", 2]}", "'c[1]' takes a string"),
      ("{\"a\": \"x\", \"c\": [\"p\", \"q\", \"r\"]}", "'c' takes a list of at most 2"),
      ("{\"a\": \"x\", \"d\": {\"k\": 1}}", "'d.k' takes true or false"),
      ("{\"a\": \"x\", \"e\": \"three\"}", "'e' takes one of 'one', 'two'"),
      ("{\"a\": \"x\", \"f\": 1}", "there is no 'f'; there are: a, b, c, d, e"),
    ])
  func faults(value: String, fault: String?) throws {
    let schema = JSONSchema.object([
      .required("a", .string), .optional("b", .integer(1...10).orNull),
      .optional("c", .list(.string, count: 0...2)), .optional("d", .map(of: .boolean)),
      .optional("e", .choice(["one", "two"])),
    ])
    #expect(schema.fault(in: try JSONValue(parsing: Array(value.utf8)), at: "") == fault)
  }

  @Test(
    "What a tool tells of the sample logs has the form that it declares",
    arguments: ["triage", "describe_log_groups", "describe_fields", "metrics"])
  func results(name: String) throws {
    let tool = try #require(MCPToolRegistry.all.first { $0.name == name })
    let service = LogService(LogService.Options(storePath: try SampleStore.path, isReadOnly: true))
    let call = MCPToolCall(
      tool: tool, arguments: JSONObject(), service: service, progressToken: nil, finish: { $0 })
    let result = try #require(call.run())
    #expect(result["isError"] == false)
    let structured = try #require(result["structuredContent"])
    #expect(JSONSchema.object(tool.output).fault(in: structured, at: "") == nil)
  }

  @Test(
    "A result is bounded by rows and by bytes, and says how much there is",
    arguments: [0, 1, 10, 1000, 100_000])
  func bounds(count: Int) {
    let rows = (0..<count).map { number in
      ["n": .integer(number), "text": .string("some text")] as JSONObject
    }
    var budget = MCPBudget()
    let shown = budget.first(of: rows, named: "rows", narrowing: "less")
    #expect(shown.count == min(count, MCPBudget.rowLimit))
    #expect(budget.notes.isEmpty == (count <= MCPBudget.rowLimit))
    if count > MCPBudget.rowLimit {
      #expect(budget.notes[0].hasPrefix("there is more: 1000 of \(count) rows are shown"))
      #expect(budget.notes[0].hasSuffix("Narrow it by less."))
    }
    let text = String(repeating: "é", count: 1000)
    let large = (0..<count).map { ["text": .string("\($0)" + text)] as JSONObject }
    var second = MCPBudget()
    let kept = second.first(of: large, named: "rows", narrowing: "less")
    #expect(kept.count <= 25)
    #expect(JSONValue.array(kept).bytes.count <= MCPBudget.byteLimit + 100)
  }

  @Test("A long text is cut between characters and says how much is missing")
  func longTexts() throws {
    var budget = MCPBudget()
    let rows = [["m": .string("x" + String(repeating: "é", count: 100_000))] as JSONObject]
    let shown = budget.first(of: rows, named: "rows", narrowing: "less")
    let text = try #require(shown.first?.object?["m"]?.string)
    #expect(text.hasPrefix("xé"))
    #expect(text.hasSuffix("é… (196002 more bytes)"))
    #expect(budget.notes.count == 1)
  }

  @Test("Of what has a beginning and an end both are shown", arguments: [3, 1000, 100_000])
  func ends(count: Int) {
    let lines = (0..<count).map { ["line": .string("line number \($0)")] as JSONObject }
    var budget = MCPBudget()
    let shown = budget.ends(of: lines, named: "lines", narrowing: "a query")
    #expect(shown.first == .object(lines[0]))
    #expect(shown.last == .object(lines[count - 1]))
    #expect(JSONValue.array(shown).bytes.count <= MCPBudget.byteLimit * 2)
    if shown.count < count {
      #expect(budget.notes[0].hasPrefix("there is more: \(count - shown.count) of \(count) lines"))
    } else {
      #expect(shown == lines.map { .object($0) })
      #expect(budget.notes.isEmpty)
    }
  }
}
