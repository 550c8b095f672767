import InsightsModel
import Testing

@testable import InsightsQuery

/// What is a filter pattern, what it asks of a message, and where one is wrong.
@Suite("filter patterns: syntax")
struct FilterPatternTests {
  private static func condition(_ pattern: String) throws -> String? {
    try FilterPattern(pattern).condition(on: .column(PlanColumn("@message", .text)))?.description
  }

  @Test(
    "terms in the query language",
    arguments: [
      ("", nil), ("   ", nil), ("\" \"", nil), ("\"\"", nil),
      ("ERROR", "strcontains(@message, \"ERROR\")"),
      ("user-id:7/x@y.z#1", "strcontains(@message, \"user-id:7/x@y.z#1\")"),
      ("Größe", "strcontains(@message, \"Größe\")"),
      ("\"a \\\"b\" c", "strcontains(@message, \"a \\\"b\") and strcontains(@message, \"c\")"),
      ("?a ?b", "(strcontains(@message, \"a\") or strcontains(@message, \"b\"))"),
      ("?a", "strcontains(@message, \"a\")"), ("-a", "not strcontains(@message, \"a\")"),
      ("-\"a b\"", "not strcontains(@message, \"a b\")"),
      // Where one term is required, the optional ones say nothing.
      ("?a ?b c -d", "strcontains(@message, \"c\") and not strcontains(@message, \"d\")"),
      ("?a -b", "strcontains(@message, \"a\") and not strcontains(@message, \"b\")"),
      ("%10\\.0/[0-9]%", "@message like /10\\.0\\/[0-9]/"),
    ])
  func terms(pattern: String, condition: String?) throws {
    let pattern = try FilterPattern(pattern)
    #expect(pattern.queryText == condition)
    #expect(pattern.matchesEverything == (condition == nil))
  }

  @Test(
    "conditions of a plan",
    arguments: [
      (
        "{ $.id >= 1e3 }",
        "((contains(@message, \"\\\"id\\\"\") or contains(@message, \"\\\\u00\")) and "
          + "jsonSelects(@message, \"[[\\\"id\\\"],\\\">=\\\",1000.0]\"))"
      ),
      (
        "{ $.a.b[0].* NOT EXISTS }",
        "jsonSelects(@message, \"[[\\\"a\\\",\\\"b\\\",0,null],\\\"missing\\\",null]\")"
      ),
      ("[a, b]", "isPresent(spacedField(@message, 2, -1, 0))"),
      ("[a, ..., b > 3]", "(number(spacedField(@message, 2, 1, 1)) > 3)"),
      (
        "[a = x*y, b]",
        "(contains(@message, \"x\") and matches(spacedField(@message, 2, -1, 0), \"(?s)\\\\Ax.*y\\\\z\"))"
      ),
    ])
  func plans(pattern: String, condition: String) throws {
    #expect(try Self.condition(pattern) == condition)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var pattern: String
    var place: Int
    var message: String
    var testDescription: String { pattern }

    init(_ pattern: String, _ place: Int, _ message: String) {
      self.pattern = pattern
      self.place = place
      self.message = message
    }
  }

  @Test(
    "faults with their place",
    arguments: [
      Fault("ab \"open", 3, "quote is not closed"), Fault("a %open", 2, "regex is not closed"),
      Fault("%%", 0, "regex is empty"), Fault("%something!%", 10, "AWS takes no '!'"),
      Fault("%(a)%", 1, "AWS takes no '('"), Fault("%ü%", 1, "AWS takes no 'ü'"),
      Fault("%a\\bc%", 2, "AWS takes no '\\b'"), Fault("%[a%", 3, "regex is not understood"),
      Fault("ERROR*", 0, "term 'ERROR*' has '*' in it"), Fault("a -", 3, "a term is missing"),
      Fault("x [y]", 2, "term '[y]' has '[' in it"),
      Fault("{ $.a = 1", 9, "'}', '&&' or '||' is expected before the end"),
      Fault("{ a = 1 }", 2, "a selector such as $.level is expected"),
      Fault("{ $ = 1 }", 2, "selector names no key"),
      Fault("{ $.a > x }", 7, "'>' compares numbers"),
      Fault("{ $.a < %b% }", 7, "'<' compares numbers"),
      Fault("{ $.a = }", 8, "a value is missing"),
      Fault("{ $.a EXISTS }", 6, "'EXISTS' stands only behind 'NOT'"),
      Fault("{ $.a IS NOT NULL }", 6, "'IS' is followed by"),
      Fault("{ $.a = 1 } x", 12, "nothing may follow"), Fault("{ $.a[x] = 1 }", 5, "a number, '*'"),
      Fault("{ $.*.* = 1 }", 2, "selector has more than one '*'"),
      Fault("{ $.* = 1 && $.* = 2 && $.* = 3 && $.* = 4 }", 0, "more than 3 selectors"),
      Fault("{ $.a = %a% && $.b = %b% && $.c = %c% }", 34, "more than 2 regexes"),
      Fault("{ ($.a = 1 }", 11, "parenthesis is not closed"),
      Fault("{ $.a = b(c }", 8, "has signs of patterns in it"),
      Fault("[a, b", 5, "',' or ']' is expected"), Fault("[a, a]", 4, "two fields are called 'a'"),
      Fault("[a, ..., ...]", 9, "'...' stands once"), Fault("[a=1 || b=2]", 8, "are on one field"),
      Fault("[= 4]", 1, "the name of a field is expected"), Fault("[a] b", 4, "nothing may follow"),
      Fault(String(repeating: "x", count: 1025), 0, "pattern has 1025 characters"),
      Fault("{" + String(repeating: "(", count: 100) + "$.a = 1", 33, "nested deeper than 32"),
    ])
  func faults(fault: Fault) {
    do throws(FilterPatternError) {
      _ = try FilterPattern(fault.pattern)
      Issue.record("\(fault.pattern) is taken")
    } catch {
      #expect(error.message.contains(fault.message), "\(error.message)")
      #expect(error.span.lowerBound == fault.place, "\(error)")
    }
  }

  @Test("the longest pattern is taken, and no text traps")
  func bounds() throws {
    #expect(try FilterPattern(String(repeating: "ü", count: 1024)).queryText != nil)
    let deep =
      "{" + String(repeating: "(", count: 32) + "$.a = 1" + String(repeating: ")", count: 32) + "}"
    #expect(try Self.condition(deep) != nil)
    let pieces = [
      "{", "}", "[", "]", "$", ".", "*", "%", "\"", "\\", "&&", "||", "=", "a", "1", "...", ",",
      " ", "ü", "(",
    ]
    for seed in 0..<3000 {
      var state = (seed &* 2_654_435_761 &+ 12345) & 0x7FFF_FFFF
      var text = ""
      for _ in 0..<(seed % 14) {
        state = (state &* 1_103_515_245 &+ 12345) & 0x7FFF_FFFF
        text += pieces[state >> 8 % pieces.count]
      }
      _ = try? FilterPattern(text)
    }
  }

  @Test("an error tells its place in characters")
  func description() {
    do throws(FilterPatternError) {
      _ = try FilterPattern("éé %(%")
    } catch {
      #expect(
        error.description(in: "éé %(%")
          == "AWS takes no '(' in a regex, at character 5; its regexes have no groups")
    }
  }
}
