internal import InsightsModel

extension Function {
  /// Functions of time.
  ///
  /// A timestamp is a number of milliseconds since 1970 that is displayed as a date in UTC.
  static let datetime: [Function] = [
    Function(
      "bin", signature: "bin([timestamp,] period)",
      summary: "The start of the period that @timestamp lies in; weeks start on Monday.",
      examples: [("bin(fromMillis(1672628645000), 15m)", "2023-01-02 03:00:00.000")],
      impliedField: "@timestamp", arguments: 2...2,
      binding: { call, binder in
        binder.binOffset == 0
          ? edge(.dateFloor, call, in: &binder) : shiftedBin(call, in: &binder)
      }),
    Function(
      "datefloor", signature: "datefloor(timestamp, period)",
      summary: "The start of the period that the time lies in.",
      examples: [("datefloor(fromMillis(1672628645000), 1h)", "2023-01-02 03:00:00.000")],
      arguments: 2...2, computes: Operation(.dateFloor, .timestamp),
      binding: { call, binder in edge(.dateFloor, call, in: &binder) }),
    Function(
      "dateceil", signature: "dateceil(timestamp, period)",
      summary: "The end of the period that the time lies in; a time on the border stays.",
      examples: [("dateceil(fromMillis(1672628645000), 1h)", "2023-01-02 04:00:00.000")],
      arguments: 2...2, computes: Operation(.dateCeil, .timestamp),
      binding: { call, binder in edge(.dateCeil, call, in: &binder) }),
    Function(
      "fromMillis", signature: "fromMillis(number)", summary: "Epoch milliseconds as a timestamp.",
      examples: [("fromMillis(1672628645000)", "2023-01-02 03:04:05.000")], arguments: 1...1,
      as: .number, computes: Operation(.fromMillis, .timestamp)),
    Function(
      "toMillis", signature: "toMillis(timestamp)", summary: "A timestamp as epoch milliseconds.",
      examples: [("toMillis(fromMillis(5))", "5")], arguments: 1...1,
      binding: { call, binder in
        call.expressions(in: &binder).map { .call(.plainNumber, [$0[0].asNumber]) }
      }),
    Function(
      "now", signature: "now()", summary: "The time at which the query starts, in epoch seconds.",
      examples: [("now()", "1672628645")],
      arguments: 0...0,
      binding: { _, binder in .literal(.integer(binder.options.now / 1000)) }),
    Function(
      "queryStartTime", signature: "queryStartTime()",
      summary: "The start of the query's time range in epoch milliseconds; missing without one.",
      examples: [("queryStartTime()", "")], arguments: 0...0,
      binding: { call, binder in
        edge(binder.timeRange.start, called: "start", of: call, in: &binder)
      }),
    Function(
      "queryEndTime", signature: "queryEndTime()",
      summary:
        "The last millisecond of the query's time range in epoch milliseconds; missing without an end.",
      examples: [("queryEndTime()", "")], arguments: 0...0,
      binding: { call, binder in
        let end = binder.timeRange.end.map { $0 &- 1 }
        return edge(end, called: "end", of: call, in: &binder)
      }),
    Function(
      "queryTimeRange", signature: "queryTimeRange()",
      summary: "The length of the query's time range in milliseconds; missing without one.",
      examples: [("queryTimeRange()", "")], arguments: 0...0,
      binding: { call, binder in
        let range = binder.timeRange
        guard let start = range.start, let end = range.end else {
          return edge(nil, called: range.start == nil ? "start" : "end", of: call, in: &binder)
        }
        return .literal(.integer(end &- 1 &- start))
      }),
  ]

  /// Returns an end of the time range; warns if it has none.
  private static func edge(
    _ time: Int64?, called name: String, of call: FunctionCall, in binder: inout Binder
  ) -> BoundExpression {
    guard let time else {
      binder.warn(
        "open-time-range", "query has no \(name) time, so '\(call.name.value)' is missing",
        at: call.span, help: ["give one: --\(name) 2026-02-11T09:00:00Z"])
      return .literal(.null)
    }
    return .literal(.integer(time))
  }

  /// Binds `bin` in a `stats … by … offset`, which shifts the start of the periods.
  private static func shiftedBin(
    _ call: FunctionCall, in binder: inout Binder
  ) -> BoundExpression? {
    guard let period = call.arguments[1].period(in: &binder),
      let time = call.arguments[0].value(in: &binder)
    else { return nil }
    if let unit = period.unit.milliseconds, binder.binOffset % (unit * period.count) == 0 {
      binder.warn(
        "offset-without-effect", "'offset' is a multiple of this period and changes nothing",
        at: call.span,
        notes: ["'offset' moves the borders of periods; it compares nothing with earlier times"])
    }
    let offset = BoundExpression.literal(.integer(binder.binOffset))
    return time.asNumber.calling(.minus, offset).edge(.dateFloor, of: period).calling(
      .plus, offset)
  }

  private static func edge(
    _ id: FunctionID, _ call: FunctionCall, in binder: inout Binder
  ) -> BoundExpression? {
    guard let period = call.arguments[1].period(in: &binder),
      let time = call.arguments[0].value(in: &binder)
    else { return nil }
    return time.asNumber.edge(id, of: period)
  }
}

extension BoundExpression {
  /// Returns the start, `dateFloor`, or the end, `dateCeil`, of the period that contains a time.
  func edge(_ id: FunctionID, of period: Period) -> BoundExpression {
    calling(id, .literal(.integer(period.count)), .literal(.text(period.unit.rawValue)))
  }
}

extension BoundArgument {
  /// Returns the argument as a value; reports a period or star, which are not values.
  func value(in binder: inout Binder) -> BoundExpression? {
    // Binding it alone reports why it is not allowed here.
    expression ?? binder.bind(syntax)
  }

  /// Returns the argument as a period; CloudWatch's limits apply, with a warning.
  func period(in binder: inout Binder) -> Period? {
    syntax.period(in: &binder, isCapped: true)
  }
}

extension Expression {
  /// Returns the expression as a period; reports anything else.
  ///
  /// `isCapped`: periods larger than CloudWatch allows for bins are reduced, with a warning.
  func period(in binder: inout Binder, isCapped: Bool) -> Period? {
    guard case .period(let count, let spelling, let span) = self else {
      binder.report(
        "period-expected", "a period must stand here", at: self.span,
        help: ["a number and a unit: 5m, 30s, 1h, 1d, 1w, 1mo"])
      return nil
    }
    guard let unit = Period.Unit(spelling: spelling) else {
      binder.report(
        "unknown-unit", "unknown unit of time '\(spelling)'", at: span,
        help: ["units: ms, s, m, h, d, w, mo, q, y"])
      return nil
    }
    guard count > 0, count <= Period.countLimit else {
      binder.report(
        "period-range", "a period is from 1 to \(Period.countLimit) units", at: span)
      return nil
    }
    if isCapped, let cap = unit.cap, count > cap {
      binder.warn(
        "period-capped", "\(count)\(spelling) is taken as \(cap)\(unit.rawValue)", at: span,
        notes: ["CloudWatch caps this unit at \(cap) without saying so"],
        help: larger(count, unit).map { ["write: \($0)"] } ?? ["use a larger unit"])
      return Period(count: cap, unit: unit)
    }
    return Period(count: count, unit: unit)
  }

  /// Returns the same length in a larger unit, if it is a whole number.
  private func larger(_ count: Int64, _ unit: Period.Unit) -> String? {
    guard let milliseconds = unit.milliseconds else { return nil }
    return [Period.Unit.day, .hour, .minute, .second].first { candidate in
      guard let size = candidate.milliseconds, size > milliseconds else { return false }
      let total = count * milliseconds
      return total % size == 0 && candidate.cap.map { total / size <= $0 } != false
    }.flatMap { unit in
      unit.milliseconds.map { "\(count * milliseconds / $0)\(unit.rawValue)" }
    }
  }
}
