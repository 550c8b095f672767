import InsightsModel
import InsightsQuery
import Testing

@Suite("operations")
struct OperationTests {
  @Test("every function of plans has one entry")
  func entries() {
    for id in FunctionID.allCases {
      #expect(Operation.all.filter { $0.id == id }.count == 1, "\(id)")
    }
  }

  @Test("what means something else is printed otherwise")
  func names() {
    #expect(Set(FunctionID.allCases.map(\.rawValue)).count == FunctionID.allCases.count)
    let symbols = FunctionID.allCases.compactMap(\.symbol)
    #expect(Set(symbols).count == symbols.count)
    #expect(
      BoundQuery("filter a = b and n = 1 and @duration = 1 and level = \"ERROR\"").nodes == [
        "filter (((equalValues(a, b) and equalValues(n, 1)) and (@duration = 1)) and (level = \"ERROR\"))"
      ])
    #expect(
      BoundQuery("filter a or @duration or a < b or a < 1").nodes == [
        "filter (((isTrue(a) or isNonzero(@duration)) or sortsBefore(a, b)) or (number(a) < 1))"
      ])
  }

  @Test("a call has the type that its entry says")
  func types() {
    func type(_ expression: String) -> ValueType? {
      guard case .project(_, let columns) = BoundQuery("fields \(expression) as x").plan else {
        return nil
      }
      return columns.last?.type
    }
    #expect(type("@timestamp + 5") == .timestamp)
    #expect(type("@timestamp - 5") == .timestamp)
    #expect(type("@timestamp - @timestamp") == .number)
    #expect(type("5 - @timestamp") == .number)
    #expect(type("bin(1mo) + 1h") == .timestamp)
    #expect(type("toMillis(@timestamp)") == .number)
    #expect(type("if(a, \"x\", \"y\")") == .text)
    #expect(type("if(a, \"x\", 1)") == .any)
    #expect(type("case(a, 1, b, 2)") == .number)
    #expect(type("coalesce(a, jsonParse(b))") == .element)
    #expect(type("strlen(a)") == .number)
  }
}
