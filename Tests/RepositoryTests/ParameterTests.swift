import InsightsEngine
import InsightsQuery
import InsightsTestSupport
import Testing

@Suite("query parameters")
struct ParameterTests {
  private func fill(_ text: String, _ values: [String: String]) throws -> String {
    let source = try SavedQuery(name: "query", text: text).source(filling: values)
    return String(decoding: source.bytes, as: UTF8.self)
  }

  @Test(
    "numbers and periods are put in bare",
    arguments: ["20", "-3", "0.25", "-1.5", "1e3", "5m", "30s", "2H"])
  func bareValues(value: String) throws {
    #expect(try fill("limit {{n}}", ["n": value]) == "limit \(value)")
  }

  @Test(
    "other values are put in as strings",
    arguments: [
      ("abc", #""abc""#), ("", #""""#), ("12ab", #""12ab""#), ("-5m", #""-5m""#), (" 5", #"" 5""#),
      ("1 or 1 = 1", #""1 or 1 = 1""#), (#"say "x""#, #""say \"x\"""#), (#"a\"#, #""a\\""#),
      ("4e885b91-559f-4a14", #""4e885b91-559f-4a14""#), ("0x1F", #""0x1F""#), ("√", #""√""#),
      ("x | limit 1", #""x | limit 1""#),
      ("99999999999999999999999e999", #""99999999999999999999999e999""#),
    ])
  func quotedValues(value: String, text: String) throws {
    #expect(try fill("filter id = {{id}}", ["id": value]) == "filter id = \(text)")
  }

  @Test(
    "inside a string the value cannot end it",
    arguments: [
      (#"filter a = "x{{v}}y""#, #"b"c"#, #"filter a = "xb\"cy""#),
      (#"filter a = 'x{{v}}'"#, #"b'c""#, #"filter a = 'xb\'c"'"#),
      (#"filter a = "{{v}}""#, #"\"#, #"filter a = "\\""#),
      (#"filter a = "{{v}}""#, "20", #"filter a = "20""#),
      (#"parse @message "{{v}} *" as x"#, "* ms", #"parse @message "* ms *" as x"#),
    ])
  func strings(text: String, value: String, filled: String) throws {
    #expect(try fill(text, ["v": value]) == filled)
  }

  @Test(
    "inside a regex the value is a piece of it",
    arguments: [
      ("ERROR|WARN", "ERROR|WARN"), ("a/b", #"a\/b"#), (#"a\/b"#, #"a\/b"#), (#"\d+"#, #"\d+"#),
      (#"x\"#, #"x\\"#), (#"\\/"#, #"\\\/"#), ("5", "5"),
    ])
  func regexes(value: String, filled: String) throws {
    #expect(
      try fill("filter @message like /{{v}}/", ["v": value])
        == "filter @message like /\(filled)/")
  }

  @Test("a slash that divides begins no regex")
  func division() throws {
    #expect(
      try fill("fields a / {{n}} / 2, {{s}}", ["n": "3", "s": "x"]) == #"fields a / 3 / 2, "x""#)
  }

  @Test("in backticks the value is the name, and a backtick is refused")
  func quotedNames() throws {
    #expect(try fill("fields `{{f}}`", ["f": "a-b c"]) == "fields `a-b c`")
    #expect(throws: ParameterError.backtickInName(name: "f")) {
      try fill("fields `{{f}}`", ["f": "a` | limit 1 #"])
    }
  }

  @Test("a place may be part of a word")
  func words() throws {
    #expect(try fill("stats count() by bin({{n}}m)", ["n": "5"]) == "stats count() by bin(5m)")
    #expect(try fill("fields record.{{f}}", ["f": "a.b"]) == "fields record.a.b")
    #expect(try fill("fields record.{{f}}", ["f": "a, b"]) == #"fields record."a, b""#)
  }

  @Test("comments and other braces are left alone")
  func noPlaces() throws {
    for text in [
      "limit 5 # of {{x}}", "filter @message like '{{1}}'", "filter a = '{{a b}}'", "{{", "{{x",
      "{{}}",
      "filter a = '{{x}'", "filter a like /x{2}/",
    ] {
      #expect(try fill(text, [:]) == text)
    }
  }

  @Test("blanks in the braces are allowed, and a place may come twice")
  func blanks() throws {
    #expect(try fill("fields {{ a }}, {{a}}, {{b}}", ["a": "1", "b": "2"]) == "fields 1, 1, 2")
  }

  @Test("defaults fill what is not given, and are quoted like values")
  func defaults() throws {
    let text = "# parameter: id=a b — which\n# parameter: n=5\nfilter id = {{id}} | limit {{n}}"
    #expect(try fill(text, [:]).hasSuffix(#"filter id = "a b" | limit 5"#))
    #expect(try fill(text, ["id": "7", "n": "1"]).hasSuffix("filter id = 7 | limit 1"))
  }

  @Test("a place without a value is an error")
  func missing() {
    #expect(throws: ParameterError.missing(name: "n")) { try fill("limit {{n}}", ["m": "1"]) }
  }

  @Test("the names are those declared, then those of the text, each once")
  func names() {
    let query = SavedQuery(
      name: "query",
      text: "# parameter: b=1\n# parameter: c\nlimit {{a}} | limit {{b}} | limit {{a}}")
    #expect(query.parameterNames == ["b", "c", "a"])
  }

  @Test("a value never becomes a command", arguments: [#"" | limit 1 #"#, "' | x", "/ | x", "\\"])
  func injection(value: String) throws {
    for text in ["fields {{v}}", #"fields "{{v}}""#, "fields '{{v}}'", "filter a like /{{v}}/"] {
      let query = try SavedQuery(name: "query", text: text).source(filling: ["v": value])
      let syntax = try Engine.explain(query, stage: .tokens, options: .init())
      #expect(!syntax.contains("symbol |"), "\(text) with \(value)")
    }
  }
}
