internal import InsightsModel
internal import InsightsText

extension Function {
  /// Functions that parse and format times.
  ///
  /// The two pattern languages are AWS's: Java's for parsing, strftime's for formatting.
  static let dateTexts: [Function] = [
    Function(
      "parseDate", signature: "parseDate(text, \"yyyy-MM-dd\", [zone])",
      summary: "Epoch milliseconds of a date written by a pattern of Java's; UTC without a zone.",
      examples: [
        ("parseDate(\"2023-01-02\", \"yyyy-MM-dd\")", "1672617600000"),
        (
          "parseDate(\"02/Jan/2023 03:04\", \"dd/MMM/yyyy HH:mm\", \"Europe/Berlin\")",
          "1672625040000"
        ),
      ],
      arguments: 2...3, computes: Operation(.parseDate, .number),
      binding: { call, binder in
        converted(
          call, .parseDate, in: &binder,
          example: "yyyy-MM-dd"
        ) { pattern throws(DatePatternError) in _ = try DatePattern(pattern) }
      }),
    Function(
      "formatDate", aliases: ["strftime"], signature: "formatDate(timestamp, \"%Y-%m-%d\", [zone])",
      summary: "A time written by a pattern of strftime; UTC without a zone.",
      examples: [
        ("formatDate(fromMillis(1672628645000), \"%d %b %Y %H:%M\")", "02 Jan 2023 03:04"),
        ("formatDate(1672628645000, \"%H:%M %Z\", \"Asia/Tokyo\")", "12:04 JST"),
      ],
      arguments: 2...3, computes: Operation(.formatDate, .text),
      binding: { call, binder in
        converted(
          call, .formatDate, in: &binder,
          example: "%Y-%m-%d"
        ) { pattern throws(DatePatternError) in _ = try DateFormat(pattern) }
      }),
  ]

  private static func converted(
    _ call: FunctionCall, _ id: FunctionID, in binder: inout Binder,
    example: String, check: (String) throws(DatePatternError) -> Void
  ) -> BoundExpression? {
    guard let value = call.arguments[0].value(in: &binder),
      let pattern = constant(
        call.arguments[1], "the pattern", of: id.rawValue, "\"\(example)\"", &binder)
    else { return nil }
    do {
      try check(pattern)
    } catch {
      binder.report(
        "malformed-date-pattern", "pattern cannot be read: \(error.message)",
        at: call.arguments[1].syntax.span,
        help: ["'\(id.rawValue)' takes patterns such as \"\(example)\""]
      )
      return nil
    }
    var zone = "UTC"
    if call.arguments.count == 3 {
      guard
        let written = constant(call.arguments[2], "the zone", of: id.rawValue, "\"UTC\"", &binder)
      else { return nil }
      guard binder.options.isTimeZone(written) else {
        binder.report(
          "unknown-time-zone", "unknown time zone '\(written)'", at: call.arguments[2].syntax.span,
          help: ["a zone is UTC, an offset such as +02:00, or a name such as Europe/Berlin"])
        return nil
      }
      zone = written
    }
    let argument = id == .formatDate ? value.asNumber : value
    return argument.calling(id, .literal(.text(pattern)), .literal(.text(zone)))
  }

  /// Returns a text argument that must be a literal.
  private static func constant(
    _ argument: BoundArgument, _ what: String, of name: String, _ example: String,
    _ binder: inout Binder
  ) -> String? {
    guard case .literal(.text(let text), _) = argument.syntax else {
      binder.report(
        "constant-expected", "\(what) of '\(name)' is written out, in quotes",
        at: argument.syntax.span, help: ["as in \(example)"])
      return nil
    }
    return text
  }
}
