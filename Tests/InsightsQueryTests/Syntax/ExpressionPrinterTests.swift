@testable import InsightsQuery
import Testing

@Suite("printing expressions")
struct ExpressionPrinterTests {
  private func condition(_ text: String) throws -> Expression {
    let (syntax, diagnostics) = Parser.parse(SourceText("filter \(text)"))
    #expect(diagnostics.isEmpty)
    return try #require(syntax.commands.first?.condition)
  }

  @Test(
    "printing: needless parentheses go, needed ones stay",
    arguments: [
      ("((a))", "a"), ("(a + b) * c", "(a + b) * c"), ("a + (b * c)", "a + b * c"),
      ("(a + b) + c", "a + b + c"), ("a - (b - c)", "a - (b - c)"),
      ("(a ^ b) ^ c", "(a ^ b) ^ c"), ("a ^ (b ^ c)", "a ^ b ^ c"), ("(-a) ^ b", "(-a) ^ b"),
      ("(-2) ^ 2", "(-2) ^ 2"), ("-(2 ^ 2)", "-2 ^ 2"), ("2 ^ -2", "2 ^ (-2)"),
      ("not (a and b)", "not (a and b)"), ("(not a) and b", "not a and b"),
      ("a = (b = c)", "a = (b = c)"), ("(a or b) and c", "(a or b) and c"),
      ("(not a) = b", "(not a) = b"), ("-(a + b)", "-(a + b)"), ("- (-1.5)", "1.5"),
    ])
  func parentheses(text: String, expected: String) throws {
    #expect(try condition(text).description == expected)
  }

  @Test(
    "printing: what is printed is read as the same expression",
    arguments: [
      #"a = "x\"y\\z'""#, "a like /b\\/c\\\\/", "`a b` = `c|d`", "a in [-1, \"b\", 2.5]",
      "f(a, -b) + g() / 2", "a like \"\u{301}\"", "a = '\"\u{301}'", "a like /x\\/\u{301}/",
      "bin(5m) > bin(@t, 2 weeks)", "count(*) / 2 > 1e300", "a = -9223372036854775808",
      "-(-2) ^ -3 ^ --a", "not a not like \"b\" and !(c in [1])", "x % y * -3",
      "(\"[1]\")[0].a", "(a + b).c", "f(a)[0].b", "(f(a).b).c", "(5)[0]",
    ])
  func roundTrip(text: String) throws {
    let first = try condition(text)
    let second = try condition(first.description)
    #expect(second.description == first.description)
    #expect(withoutSpans(second) == withoutSpans(first))
  }

  @Test(
    "printing: names are bare where they can be",
    arguments: [
      ("a.b.0", "a.b.0"), ("@x", "@x"), ("lével", "lével"), ("a-b", "`a-b`"), ("0a", "`0a`"),
      ("", "``"), ("and", "`and`"), ("By", "`By`"), (".a", "`.a`"), ("a→b", "`a→b`"),
      ("a b", "`a b`"), ("count(*)", "`count(*)`"),
    ])
  func names(name: String, expected: String) {
    #expect(printedName(name) == expected)
  }

  /// The tree as text, without the places in the query.
  private func withoutSpans(_ expression: Expression) -> String {
    switch expression {
    case .literal(let value, _): "literal \(value)"
    case .name(let name, let isQuoted, _): "name \(name) \(isQuoted)"
    case .regex(let pattern, _): "regex \(pattern)"
    case .period(let count, let unit, _): "period \(count) \(unit)"
    case .list(let elements, _): "list \(elements.map(withoutSpans))"
    case .subquery(let query, _): "subquery \(query)"
    case .star: "star"
    case .call(let name, let arguments, _): "call \(name.value) \(arguments.map(withoutSpans))"
    case .access(let value, let keys, _): "access (\(withoutSpans(value))) \(keys)"
    case .unary(let op, let operand, _): "\(op) (\(withoutSpans(operand)))"
    case .binary(let op, let left, let right):
      "\(op.value) (\(withoutSpans(left))) (\(withoutSpans(right)))"
    }
  }
}
