internal import InsightsModel

extension Function {
  /// Functions of text; a number is treated as its decimal text.
  static let text: [Function] = [
    Function(
      "strlen", signature: "strlen(text)", summary: "The length in Unicode code points.",
      examples: [("strlen(\"añ€\")", "3")], arguments: 1...1, computes: Operation(.strlen, .number)),
    Function(
      "concat", signature: "concat(text, …)", summary: "Joins the texts; missing ones are empty.",
      examples: [("concat(\"a\", nosuch, \"b\")", "ab"), ("concat(\"n=\", 200)", "n=200")],
      arguments: 1...Function.argumentLimit,
      computes: Operation(.concat, .text, nulls: .isMeaningful)),
    Function(
      "substr", signature: "substr(text, start, [length])",
      summary: "A part of the text; the first character is 0.",
      examples: [("substr(\"xyZfooxyZ\", 3, 3)", "foo"), ("substr(\"xyZfooxyZ\", 3)", "fooxyZ")],
      arguments: 2...3, computes: Operation(.substr, .text)),
    Function(
      "replace", signature: "replace(text, find, with)", summary: "Replaces every occurrence.",
      examples: [("replace(\"a-b-c\", \"-\", \"+\")", "a+b+c")], arguments: 3...3,
      computes: Operation(.replace, .text)),
    Function(
      "regexReplace", aliases: ["regex_replace"], signature: "regexReplace(text, /regex/, with)",
      summary: "Replaces every match of a regex; $1 or \\1 is what the first group took.",
      examples: [
        ("regexReplace(\"id=12 id=7\", /id=(\\d+)/, \"<$1>\")", "<12> <7>"),
        ("regexReplace(\"a1b22\", \"[0-9]+\", \"#\")", "a#b#"),
      ],
      arguments: 3...3, computes: Operation(.regexReplace, .text),
      binding: { call, binder in
        guard let text = call.arguments[0].value(in: &binder),
          let replacement = call.arguments[2].value(in: &binder)
        else { return nil }
        let span = call.arguments[1].syntax.span
        switch call.arguments[1].syntax {
        case .regex(let pattern, _), .literal(.text(let pattern), _):
          guard binder.groups(ofRegex: pattern, at: span) != nil else { return nil }
          return text.calling(.regexReplace, .literal(.text(pattern)), replacement)
        default:
          binder.report(
            "constant-expected", "the second argument of 'regexReplace' is written out: a regex",
            at: span, help: ["regexReplace(@message, /[0-9]+/, \"#\")"])
          return nil
        }
      }),
    Function(
      "trim", signature: "trim(text, [characters])",
      summary: "Cuts white space, or any of the characters, off both ends.",
      examples: [("trim(\"xyZxyfooxyxyZ\", \"xyZ\")", "foo"), ("trim(\"  a \")", "a")],
      arguments: 1...2, computes: Operation(.trim, .text)),
    Function(
      "ltrim", signature: "ltrim(text, [characters])",
      summary: "Cuts white space, or any of the characters, off the start.",
      examples: [("ltrim(\"xyZxyfooxyZ\", \"xyZ\")", "fooxyZ")], arguments: 1...2,
      computes: Operation(.ltrim, .text)),
    Function(
      "rtrim", signature: "rtrim(text, [characters])",
      summary: "Cuts white space, or any of the characters, off the end.",
      examples: [("rtrim(\"xyZfooxyxyZ\", \"xyZ\")", "xyZfoo")], arguments: 1...2,
      computes: Operation(.rtrim, .text)),
    Function(
      "toupper", signature: "toupper(text)", summary: "The text in upper case.",
      examples: [("toupper(\"aé\")", "AÉ")], arguments: 1...1, computes: Operation(.toupper, .text)),
    Function(
      "tolower", signature: "tolower(text)", summary: "The text in lower case.",
      examples: [("tolower(\"AB\")", "ab")], arguments: 1...1, computes: Operation(.tolower, .text)),
    Function(
      "strcontains", signature: "strcontains(text, part, [ignoresCase])",
      summary: "1 when the text contains the part, else 0.",
      examples: [
        ("strcontains(\"Hello\", \"ell\")", "1"), ("strcontains(\"Hello\", \"ELL\")", "0"),
        ("strcontains(\"Hello\", \"ELL\", true)", "1"),
      ],
      arguments: 2...3,
      computes: Operation(.contains, .boolean), Operation(.containsIgnoringCase, .boolean),
      binding: { call, binder in
        guard let arguments = call.expressions(in: &binder) else { return nil }
        var ignoresCase = false
        if arguments.count == 3 {
          guard case .literal(let value) = arguments[2] else {
            binder.report(
              "constant-expected",
              "the third argument of 'strcontains' is written out: true or false",
              at: call.arguments[2].syntax.span, help: ["strcontains(@message, \"error\", true)"])
            return nil
          }
          ignoresCase = value != .integer(0)
        }
        return arguments[0].calling(
          ignoresCase ? .containsIgnoringCase : .contains, arguments[1])
      }),
    Function(
      "startsWith", signature: "startsWith(text, part)",
      summary: "1 when the text begins with the part, else 0.",
      examples: [("startsWith(\"Hello\", \"He\")", "1"), ("startsWith(\"Hello\", \"he\")", "0")],
      arguments: 2...2, computes: Operation(.startsWith, .boolean)),
    Function(
      "endsWith", signature: "endsWith(text, part)",
      summary: "1 when the text ends with the part, else 0.",
      examples: [("endsWith(\"Hello\", \"lo\")", "1")], arguments: 2...2,
      computes: Operation(.endsWith, .boolean)),
    Function(
      "isempty", signature: "isempty(text)",
      summary: "1 when the field is missing or empty, else 0.",
      examples: [("isempty(\"\")", "1"), ("isempty(nosuch)", "1"), ("isempty(\" \")", "0")],
      arguments: 1...1, computes: Operation(.isEmpty, .boolean, nulls: .isMeaningful)),
    Function(
      "isblank", signature: "isblank(text)",
      summary: "1 when the field is missing, empty or only white space, else 0.",
      examples: [("isblank(\"  \")", "1"), ("isblank(\"a\")", "0")], arguments: 1...1,
      computes: Operation(.isBlank, .boolean, nulls: .isMeaningful)),
    Function(
      FilterPattern.functionName, signature: "matchesFilterPattern(text, pattern)",
      summary: "1 when a filter pattern of CloudWatch matches the text, else 0; a local extension.",
      examples: [
        ("matchesFilterPattern(\"GET /a 404\", \"[method, path, status = 4*]\")", "1"),
        ("matchesFilterPattern(\"{\\\"n\\\": 5}\", \"{ $.n > 5 }\")", "0"),
      ],
      arguments: 2...2, computes: Operation(.jsonSelects, .boolean), Operation(.spacedField, .text),
      binding: { call, binder in
        guard let text = call.arguments[0].value(in: &binder) else { return nil }
        let span = call.arguments[1].syntax.span
        guard case .literal(.text(let pattern), _) = call.arguments[1].syntax else {
          binder.report(
            "constant-expected", "the second argument of 'matchesFilterPattern' is written out",
            at: span, help: ["matchesFilterPattern(@message, \"ERROR -timeout\")"])
          return nil
        }
        do throws(FilterPatternError) {
          return try FilterPattern(pattern).condition(on: text) ?? .literal(.integer(1))
        } catch {
          binder.report(
            "invalid-filter-pattern", "filter pattern: \(error.description(in: pattern))", at: span)
          return nil
        }
      }),
    Function(
      "messageSize", signature: "messageSize([@message])",
      summary: "The size of the message in bytes.", examples: [("messageSize()", "9")],
      impliedField: "@message", arguments: 1...1, computes: Operation(.byteCount, .number),
      binding: { call, binder in call.expressions(in: &binder).map { .call(.byteCount, $0) } }),
    Function(
      "unmask", signature: "unmask(field)",
      summary: "The field itself: nothing in local logs is masked.",
      examples: [("unmask(\"a\")", "a")], arguments: 1...1,
      binding: { call, binder in call.expressions(in: &binder).map { $0[0] } }),
  ]
}
