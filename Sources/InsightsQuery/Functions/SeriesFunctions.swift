internal import InsightsModel

extension Function {
  /// Aggregates of values over time.
  static let series: [Function] = [
    Function(
      "rate", signature: "rate(number, [period])",
      summary: "How much the number grows per period, from the earliest to the latest event.",
      examples: [("rate(5, 1m)", "0"), ("rate(\"n/a\", 1m)", "")], isAggregate: true,
      arguments: 1...2, computes: .aggregate(.rate, .number),
      binding: { call, binder in
        guard let value = call.arguments[0].value(in: &binder),
          let time = binder.lookUp(Spanned("@timestamp", call.name.span))
        else { return nil }
        var period = Period(count: 1, unit: .second)
        if call.arguments.count == 2 {
          guard let written = call.arguments[1].syntax.period(in: &binder, isCapped: false) else {
            return nil
          }
          period = written
        }
        guard let unit = period.unit.fixedMilliseconds else {
          binder.report(
            "period-unit", "the period of 'rate' cannot be in months, quarters or years",
            at: call.arguments[1].syntax.span, help: ["units: ms, s, m, h, d, w"])
          return nil
        }
        return .call(
          .rate, [value, .column(time), .literal(.integer(unit * period.count))])
      })
  ]
}
