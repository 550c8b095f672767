internal import InsightsModel

extension Function {
  /// Functions over the rows of a group.
  ///
  /// Missing values are skipped; a group without any value has no result.
  static let aggregates: [Function] = [
    Function(
      "count", aliases: ["count_over_time", "countOverTime"],
      signature: "count(*) or count(field)",
      summary: "Counts rows, or the rows that have the field.",
      examples: [("count(*)", "1"), ("count(nosuch)", "")], isAggregate: true, arguments: 0...1,
      computes: .aggregate(.rowCount, .number), .aggregate(.valueCount, .number),
      binding: { call, binder in
        let isOfRows: Bool
        switch call.arguments.first?.syntax {
        case nil, .star: isOfRows = true
        default: isOfRows = false
        }
        if isOfRows { return .call(.rowCount, []) }
        // CloudWatch omits the count if no row has the field; it never shows 0.
        return call.expressions(in: &binder).map { .call(.valueCount, $0) }
      }),
    Function(
      "count_distinct", aliases: ["countDistinct"], signature: "count_distinct(field)",
      summary: "Counts the different values.", examples: [("count_distinct(\"a\")", "1")],
      arguments: 1...1, computes: .aggregate(.distinctCount, .number)),
    Function(
      "sum", aliases: ["sum_over_time", "sumOverTime"], signature: "sum(number)",
      summary: "Adds up the numbers.",
      examples: [("sum(\"12\")", "12"), ("sum(5 > 3)", "1"), ("sum(\"n/a\")", "")],
      arguments: 1...1, computes: .aggregate(.sum, .number)),
    Function(
      "avg", signature: "avg(number)", summary: "The mean of the numbers.",
      examples: [("avg(2.5)", "2.5")],
      arguments: 1...1, computes: .aggregate(.mean, .number)),
    Function(
      "min", signature: "min(field)", summary: "The least value in natural order.",
      examples: [("min(\"b\")", "b")], isAggregate: true, arguments: 1...1,
      computes: .aggregate(.minimum, .number),
      binding: { call, binder in
        extreme(of: call, numbers: .minimum, others: .naturalMinimum, in: &binder)
      }),
    Function(
      "max", signature: "max(field)", summary: "The greatest value in natural order.",
      examples: [("max(7)", "7")], isAggregate: true, arguments: 1...1,
      computes: .aggregate(.maximum, .number),
      binding: { call, binder in
        extreme(of: call, numbers: .maximum, others: .naturalMaximum, in: &binder)
      }),
    Function(
      "sortsFirst", signature: "sortsFirst(field)", summary: "The value that 'sort' puts first.",
      examples: [("sortsFirst(\"b\")", "b")], arguments: 1...1,
      computes: .aggregate(.naturalMinimum, .ofFirst)),
    Function(
      "sortsLast", signature: "sortsLast(field)", summary: "The value that 'sort' puts last.",
      examples: [("sortsLast(\"b\")", "b")], arguments: 1...1,
      computes: .aggregate(.naturalMaximum, .ofFirst)),
    Function(
      "pct", aliases: ["percentile"], signature: "pct(number, percent)",
      summary: "The percentile, interpolated between the closest ranks.",
      examples: [("pct(12.5, 99)", "12.5")], isAggregate: true,
      arguments: 2...2, computes: .aggregate(.percentile, .number),
      binding: { call, binder in
        guard let arguments = call.expressions(in: &binder) else { return nil }
        let percent: Double? =
          switch arguments[1] {
          case .literal(.integer(let value)): Double(value)
          case .literal(.real(let value)): value
          default: nil
          }
        guard let percent, percent >= 0, percent <= 100 else {
          binder.report(
            "percent-range", "percentile is a number from 0 to 100",
            at: call.arguments[1].syntax.span, help: ["pct(@duration, 99)"])
          return nil
        }
        return .call(.percentile, arguments)
      }),
    Function(
      "median", signature: "median(number)", summary: "The 50th percentile.",
      examples: [("median(12.5)", "12.5")], isAggregate: true,
      arguments: 1...1,
      binding: { call, binder in
        call.expressions(in: &binder).map { .call(.percentile, $0 + [.literal(.integer(50))]) }
      }),
    Function(
      "stddev", signature: "stddev(number)", summary: "The standard deviation of the population.",
      examples: [("stddev(5)", "0")], arguments: 1...1,
      computes: .aggregate(.standardDeviation, .number)),
    Function(
      "variance", signature: "variance(number)", summary: "The variance of the population.",
      examples: [("variance(5)", "0")], arguments: 1...1, computes: .aggregate(.variance, .number)),
    Function(
      "earliest", signature: "earliest(field)",
      summary: "The value of the first event that has the field.",
      examples: [("earliest(\"a\")", "a"), ("earliest(nosuch)", "")], isAggregate: true,
      arguments: 1...1, computes: .aggregate(.earliest, .from(plainType)),
      binding: { call, binder in byTime(.earliest, of: call, in: &binder) }),
    Function(
      "latest", signature: "latest(field)",
      summary: "The value of the last event that has the field.",
      examples: [("latest(\"a\")", "a")], isAggregate: true, arguments: 1...1,
      computes: .aggregate(.latest, .from(plainType)),
      binding: { call, binder in byTime(.latest, of: call, in: &binder) }),
    Function(
      "values", signature: "values(field)",
      summary: "The different values in natural order, with commas between.",
      examples: [("values(\"a\")", "a")], arguments: 1...1, computes: .aggregate(.values, .text)),
    Function(
      "topk", signature: "topk(field, count)",
      summary: "The most frequent values, most frequent first, with commas between.",
      examples: [("topk(\"a\", 3)", "a")], isAggregate: true, arguments: 2...2,
      computes: .aggregate(.topk, .text),
      binding: { call, binder in
        guard let arguments = call.expressions(in: &binder) else { return nil }
        guard case .literal(.integer(let count)) = arguments[1], count > 0 else {
          binder.report(
            "constant-expected", "the second argument of 'topk' is written out: a whole number",
            at: call.arguments[1].syntax.span, help: ["topk(service, 3)"])
          return nil
        }
        return .call(.topk, arguments)
      }),
    Function(
      "histogram", signature: "histogram(number, count)",
      summary:
        "How many numbers lie in each of so many ranges of equal width: a map from the lower border of a range.",
      examples: [("strlen(jsonStringify(histogram(5, 2)))", "7")], isAggregate: true,
      arguments: 2...2, computes: .aggregate(.histogram, .structure),
      binding: { call, binder in
        guard let arguments = call.expressions(in: &binder) else { return nil }
        guard case .literal(.integer(let count)) = arguments[1], (1...1000).contains(count) else {
          binder.report(
            "constant-expected",
            "the second argument of 'histogram' is a number of ranges from 1 to 1000",
            at: call.arguments[1].syntax.span, help: ["histogram(latency, 10)"])
          return nil
        }
        return .call(.histogram, arguments)
      }),
  ]

  private static func extreme(
    of call: FunctionCall, numbers: FunctionID, others: FunctionID, in binder: inout Binder
  ) -> BoundExpression? {
    guard let arguments = call.expressions(in: &binder) else { return nil }
    switch arguments[0].type {
    // As CloudWatch shows it, the extreme of a time is a number of milliseconds.
    case .number, .boolean, .timestamp: return .call(numbers, arguments)
    case .any, .text, .structure, .list, .element: return .call(others, arguments)
    }
  }

  /// The type of the first or last time, which CloudWatch shows as a number of milliseconds.
  @Sendable private static func plainType(of arguments: [BoundExpression]) -> ValueType {
    let type = arguments.first?.type ?? .any
    return type == .timestamp ? .number : type
  }

  private static func byTime(
    _ id: FunctionID, of call: FunctionCall, in binder: inout Binder
  ) -> BoundExpression? {
    guard let arguments = call.expressions(in: &binder),
      let time = binder.lookUp(Spanned("@timestamp", call.name.span))
    else { return nil }
    return .call(id, arguments + [.column(time)])
  }
}
