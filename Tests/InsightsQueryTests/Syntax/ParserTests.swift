@testable import InsightsQuery
import Testing

@Suite("parser")
struct ParserTests {
  private func parse(_ text: String) -> (syntax: QuerySyntax, ids: [String]) {
    let (syntax, diagnostics) = Parser.parse(SourceText(text))
    return (syntax, diagnostics.map(\.id))
  }

  /// The expression with every operator in parentheses.
  private func grouped(_ expression: Expression) -> String {
    switch expression {
    case .binary(let op, let left, let right):
      "(\(grouped(left)) \(op.value.rawValue) \(grouped(right)))"
    case .unary(let op, let operand, _): "(\(op.rawValue) \(grouped(operand)))"
    default: expression.description
    }
  }

  @Test(
    "parser: precedence and grouping",
    arguments: [
      ("a or b and c", "(a or (b and c))"),
      ("a and b or c", "((a and b) or c)"),
      ("not a and b", "((not a) and b)"),
      ("not a = b", "(not (a = b))"),
      ("!a = b or c", "((not (a = b)) or c)"),
      ("a + b * c ^ d", "(a + (b * (c ^ d)))"),
      ("a - b - c", "((a - b) - c)"),
      ("a ^ b ^ c", "(a ^ (b ^ c))"),
      ("-a ^ b", "(- (a ^ b))"),
      ("a ^ -b", "(a ^ (- b))"),
      ("-2 ^ 2", "(- (2 ^ 2))"),
      ("(-2) ^ 2", "(-2 ^ 2)"),
      ("- 2 + 3", "(-2 + 3)"),
      ("a < b + 1 and c", "((a < (b + 1)) and c)"),
      ("a not like \"x\" and b not in [1]", "((not (a like \"x\")) and (not (b in [1])))"),
      ("a like \"x\" or b =~ /y/", "((a like \"x\") or (b =~ /y/))"),
      ("a = b = c", "((a = b) = c)"),
      ("a % b / c", "((a % b) / c)"),
      ("not not a", "(not (not a))"),
      ("a - -b", "(a - (- b))"),
    ])
  func precedence(text: String, expected: String) throws {
    let (syntax, ids) = parse("filter \(text)")
    let condition = try #require(syntax.commands.first?.condition)
    #expect(ids.isEmpty)
    #expect(grouped(condition) == expected)
  }

  @Test(
    "parser: keywords are read in any case, and may be names where a name must stand",
    arguments: [
      ("FIELDS by, `in`, asc", "fields by, `in`, asc"),
      ("Sort `by` DESC, desc asc", "sort `by` desc, desc asc"),
      ("sort by", "sort `by` asc"),
      ("sort by a, b desc", "sort a asc, b desc"),
      ("sort by, a", "sort `by` asc, a asc"),
      ("order by x", "sort x asc"),
      ("stats count(*) as by by x", "stats count(*) as `by` by x"),
      ("where a in []", "filter a in []"),
      ("limit any 5", "limit any 5"),
      ("stats count(*) by bin(5 min), bin(2 HOURS)", "stats count(*) by bin(5min), bin(2HOURS)"),
      ("parse \"*\" as a", "parse \"*\" as a"),
      ("parse csv \"*\" as a", "parse csv \"*\" as a"),
      ("source EVENTS | fields a", "SOURCE events\n| fields a"),
      ("| fields a\n\n|\tlimit 1", "fields a\n| limit 1"),
    ])
  func keywords(text: String, expected: String) {
    let (syntax, ids) = parse(text)
    #expect(ids.isEmpty)
    #expect(syntax.description == expected)
  }

  @Test("parser: every command with an error is reported, the others are kept")
  func recovery() {
    let (syntax, ids) = parse("fields a | filter = 1 | limit x | bad | sort b | stats")
    #expect(syntax.description == "fields a\n| sort b asc")
    #expect(ids == ["unexpected-token", "unexpected-token", "unknown-command", "unexpected-end"])
  }

  @Test("parser: a bar inside quotes, regexes and parentheses ends no command")
  func bars() {
    #expect(parse("filter a like \"|\" and b like /x|y/ and `c|d` = 1").ids.isEmpty)
    #expect(parse("filter a in (SOURCE 'x' | fields b) | limit 1").ids == [])
  }

  @Test("parser: one error for one slip")
  func noCascades() {
    #expect(parse("filter a = “b c” d ; e").ids == ["unexpected-character"])
    #expect(parse("filter a b ; c | limit 1").ids == ["unexpected-token"])
    #expect(parse("fields \"a | limit 1").ids == ["unterminated-string"])
  }

  @Test("parser: deep nesting is refused")
  func depth() {
    let open = String(repeating: "(", count: 4000)
    #expect(parse("filter \(open)").ids == ["expression-too-deep"])
    #expect(
      parse("filter \(String(repeating: "not ", count: 2000))a").ids == ["expression-too-deep"])
    #expect(parse("filter \(String(repeating: "-", count: 4000))a").ids == ["expression-too-deep"])
    #expect(
      parse("fields \(String(repeating: "abs(", count: 2000))").ids == ["expression-too-deep"])
    #expect(parse("filter \(String(repeating: "2^", count: 4000))2").ids == ["expression-too-deep"])
  }

  @Test("parser: long chains are refused, long lists are not")
  func length() {
    let chain = Array(repeating: "a=1", count: 400).joined(separator: " or ")
    #expect(parse("filter \(chain)").ids == ["expression-too-large"])
    let list = Array(repeating: "\"0123456789\"", count: 700).joined(separator: ",")
    #expect(parse("filter a in [\(list)]").ids.isEmpty)
    let commands = Array(repeating: "fields a", count: 501).joined(separator: "|")
    #expect(parse(commands).ids == ["too-many-commands"])
    #expect(
      parse("filter a = \"\(String(repeating: "x", count: 10_000))\"").ids == ["query-too-long"])
  }

  @Test("parser: a smaller chain of conditions is fine")
  func chain() {
    let chain = Array(repeating: "a=1", count: 200).joined(separator: " or ")
    #expect(parse("filter \(chain)").ids.isEmpty)
  }
}
