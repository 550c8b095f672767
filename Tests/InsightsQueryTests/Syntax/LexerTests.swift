import InsightsQuery
import Testing

@Suite("lexer")
struct LexerTests {
  private func lex(_ text: String) -> (tokens: [String], ids: [String]) {
    let (tokens, diagnostics) = Lexer.tokens(of: SourceText(text))
    return (tokens.dropLast().map(\.description), diagnostics.map(\.id))
  }

  @Test(
    "lexer: words, numbers, periods and symbols",
    arguments: [
      ("stats count(*)", ["word stats", "word count", "symbol (", "symbol *", "symbol )"]),
      ("@x.0._y lével", ["word @x.0._y", "word lével"]),
      (
        "5m 5 m 1.5 1e3 2E-1 5e",
        [
          "period 5m", "number 5", "word m", "number 1.5", "number 1000.0", "number 0.2",
          "period 5e",
        ]
      ),
      ("9223372036854775807", ["number 9223372036854775807"]),
      ("9223372036854775808", ["number 9.223372036854776e+18"]),
      ("a-b", ["word a", "symbol -", "word b"]),
      (
        "a<=b!=c==d=~e",
        [
          "word a", "symbol <=", "word b", "symbol !=", "word c", "symbol ==", "word d",
          "symbol =~", "word e",
        ]
      ),
      ("a # b | c\n| d", ["word a", "symbol |", "word d"]),
      ("#", []),
      ("", []),
    ])
  func plainTokens(text: String, expected: [String]) {
    let (tokens, ids) = lex(text)
    #expect(tokens == expected)
    #expect(ids.isEmpty)
  }

  @Test(
    "lexer: quotes, backslashes and backticks",
    arguments: [
      (#""a'b" 'a"b'"#, [#"string "a'b""#, #"string "a\"b""#]),
      (#""\"\\\d\'""#, [#"string "\"\\\\d'""#]),
      ("\"two\nlines # | /\"", ["string \"two\nlines # | /\""]),
      ("``", ["name ``"]),
      ("`a b|#\"`", ["name `a b|#\"`"]),
      ("\"\"", ["string \"\""]),
    ])
  func quotedTokens(text: String, expected: [String]) {
    let (tokens, ids) = lex(text)
    #expect(tokens == expected)
    #expect(ids.isEmpty)
  }

  @Test(
    "lexer: a slash begins a regex where an operand must follow, else it divides",
    arguments: [
      ("a like /b/", ["word a", "word like", "regex /b/"]),
      ("a not like /b\\/c/", ["word a", "word not", "word like", "regex /b/c/"]),
      ("a =~ /b/", ["word a", "symbol =~", "regex /b/"]),
      ("parse /b/", ["word parse", "regex /b/"]),
      ("parse @m /b/", ["word parse", "word @m", "regex /b/"]),
      ("parse `m n` /b/", ["word parse", "name `m n`", "regex /b/"]),
      ("x | PARSE @m /b/", ["word x", "symbol |", "word PARSE", "word @m", "regex /b/"]),
      ("f(/b/)", ["word f", "symbol (", "regex /b/", "symbol )"]),
      ("a / b / c", ["word a", "symbol /", "word b", "symbol /", "word c"]),
      (
        "count(*) / 2 / b",
        [
          "word count", "symbol (", "symbol *", "symbol )", "symbol /", "number 2", "symbol /",
          "word b",
        ]
      ),
      ("(a)/b/c", ["symbol (", "word a", "symbol )", "symbol /", "word b", "symbol /", "word c"]),
      ("fields parse / 2", ["word fields", "word parse", "symbol /", "number 2"]),
      ("like /\\\\/", ["word like", "regex /\\\\/"]),
    ])
  func slashes(text: String, expected: [String]) {
    let (tokens, ids) = lex(text)
    #expect(tokens == expected)
    #expect(ids.isEmpty)
  }

  @Test(
    "lexer: white space of other kinds separates words",
    arguments: ["a\u{A0}b", "a\u{3000}b", "\u{FEFF}a b", "a\u{200B} b", "a\r\n\tb", "a\u{2028}b"])
  func whiteSpace(text: String) {
    let (tokens, ids) = lex(text)
    #expect(tokens == ["word a", "word b"])
    #expect(ids.isEmpty)
  }

  @Test("lexer: a no-break space ends a number")
  func spaceBehindNumber() {
    #expect(lex("limit 20\u{A0}| a").tokens == ["word limit", "number 20", "symbol |", "word a"])
  }

  @Test(
    "lexer: what cannot be read is reported once, with the place",
    arguments: [
      ("a ; b", "unexpected-character", 2..<3), ("a = “b", "unexpected-character", 4..<7),
      ("\u{1B}[31m", "unexpected-character", 0..<1), ("`a\0b`", "unexpected-character", 0..<5),
      ("a \"b", "unterminated-string", 2..<3), ("a 'b\\'", "unterminated-string", 2..<3),
      ("a `b", "unterminated-name", 2..<3), ("like /b", "unterminated-regex", 5..<6),
      ("a like /b\\", "unterminated-regex", 7..<8),
      ("1.5h", "malformed-number", 0..<4), ("1e999", "malformed-number", 0..<5),
      ("99999999999999999999s", "malformed-number", 0..<21), ("a && b", "unknown-operator", 2..<4),
      ("a <> b", "unknown-operator", 2..<4), ("é→", "unexpected-character", 2..<5),
    ])
  func unreadable(text: String, id: String, span: Range<Int>) {
    let diagnostics = Lexer.tokens(of: SourceText(text)).diagnostics
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.id == id)
    #expect(diagnostics.first?.span == span)
  }

  @Test("lexer: tokens cover the text in order and stay inside it")
  func spans() {
    let source = SourceText("fields `é` as x|filter x like /ü/ # ß")
    var end = 0
    for token in Lexer.tokens(of: source).tokens {
      #expect(token.span.lowerBound >= end)
      end = token.span.upperBound
    }
    #expect(end == source.bytes.count)
  }
}
