internal import InsightsModel

/// `sessionize` numbers sequences of events without a long pause.
///
/// Sessions are numbered in the order of their beginning; events without one of the fields belong
/// to none.
public struct SessionizeCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "sessionize", synopsis: "sessionize <field>, … [maxspan <period>] [as <name>]",
    summary: "Numbers the sessions of each combination of values; a pause ends one (30m).",
    examples: [
      "sessionize @logStream maxspan 10m as session | stats count(*) as events by @logStream, session"
    ])

  public let span: SourceSpan
  private let names: [Spanned<String>]
  private let pause: Period
  private let output: Spanned<String>?

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let names = parser.parseList(of: { $0.parseField("a field") }) else { return nil }
    self.names = names
    var pause = Period(count: 30, unit: .minute)
    if parser.takeKeyword("maxspan") {
      guard let parsed = Self.parsePause(&parser) else { return nil }
      pause = parsed
    }
    self.pause = pause
    if parser.takeKeyword("as") {
      guard let name = parser.parseName("a name for the session") else { return nil }
      output = name
    } else {
      output = nil
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  private static func parsePause(_ parser: inout Parser) -> Period? {
    let token = parser.current
    guard case .period(let count, let spelling) = token.kind,
      let unit = Period.Unit(spelling: spelling), unit.milliseconds != nil || unit == .week,
      count > 0, count <= Period.countLimit
    else {
      parser.reportUnexpected(expected: "a pause, such as 30m")
      return nil
    }
    parser.advance()
    return unit == .week
      ? Period(count: count * 7, unit: .day) : Period(count: count, unit: unit)
  }

  public func bind(in binder: inout Binder) {
    var identity: [PlanColumn] = []
    for name in names {
      guard let column = binder.lookUpSingleValue(name, for: "sessionize") else { return }
      identity.append(column)
    }
    let session = PlanColumn(output?.value ?? "session_id", .number, isComputed: true)
    guard let time = binder.lookUp(Spanned("@timestamp", span)),
      let milliseconds = pause.unit.milliseconds,
      binder.add(session, at: output?.span ?? span)
    else { return }
    let order = WindowColumn.Order.by([SortKey(column: time, isDescending: false)])
    let previous = binder.intermediate("previous", of: session)
    binder.window([
      WindowColumn(
        previous, BoundExpression.column(time).calling(.lag, .literal(.integer(1))),
        partition: identity, order: order)
    ])
    let isStart = binder.intermediate("start", of: session, .boolean)
    let now = BoundExpression.column(time)
    let longest = BoundExpression.literal(.integer(milliseconds * pause.count))
    // Before the first event the pause counts as just too long.
    let before = BoundExpression.call(
      .coalesce,
      [
        .column(previous),
        now.calling(.minus, longest).calling(.minus, .literal(.integer(1))),
      ])
    let isKnown = identity.map { BoundExpression.column($0).calling(.isPresent) }
    binder.extend([
      NamedExpression(
        column: isStart,
        expression: .call(
          .choice,
          [
            isKnown.reduce(now.calling(.minus, before).calling(.greater, longest)) {
              $0.calling(.and, $1)
            },
            .literal(.integer(1)),
          ]))
    ])
    // The starts of sessions are numbered; the events after a start take the greatest number so
    // far.
    let number = binder.intermediate("number", of: session)
    binder.window([
      WindowColumn(
        number, BoundExpression.column(isStart).calling(.windowCount), order: order)
    ])
    binder.window([
      WindowColumn(
        session,
        BoundExpression.choice(among: [.column(isStart), .column(number)]).calling(.windowMaximum),
        partition: identity, order: order)
    ])
  }

  public var definedNames: [String] { [output?.value ?? "session_id"] }

  public var description: String {
    "sessionize " + names.map { printedName($0.value) }.joined(separator: ", ")
      + " maxspan \(pause.count)\(pause.unit.rawValue)"
      + (output.map { " as \(printedName($0.value))" } ?? "")
  }
}
