internal import InsightsModel
internal import InsightsText

extension Binder {
  /// Binds an expression over single rows; `nil` after reporting an error.
  mutating func bind(_ expression: Expression) -> BoundExpression? {
    checked(bind(expression, in: .rows), at: expression.span)
  }

  /// Binds a result of `stats`: collects the aggregates in it; its scope is these, the keys and the
  /// previous results.
  ///
  /// An aggregate that is the whole expression gets the result's name.
  mutating func bind(
    _ expression: Expression, collecting collector: inout AggregateCollector, named name: String
  ) -> BoundExpression? {
    var context = Context.results(collector, name)
    let bound = bind(expression, in: &context)
    if case .results(let changed, _) = context { collector = changed }
    return checked(bound, at: expression.span)
  }

  /// The maximum number of operations of a value, including those of the fields that it is computed
  /// from.
  private static let operationLimit = 2000

  /// Returns the expression; reports one that is too large.
  private mutating func checked(
    _ expression: BoundExpression?, at span: SourceSpan
  ) -> BoundExpression? {
    guard let expression else { return nil }
    guard operationCount(of: expression) <= Self.operationLimit else {
      report(
        "expression-too-large",
        "value takes more than \(Self.operationLimit) operations, those of its fields included",
        at: span)
      return nil
    }
    return expression
  }

  /// The values that an expression may use.
  private enum Context {
    case rows
    /// Aggregates of rows; with the name of the result if the whole expression is one aggregate.
    case results(AggregateCollector, String?)
  }

  private mutating func bind(_ expression: Expression, in context: Context) -> BoundExpression? {
    var context = context
    return bind(expression, in: &context)
  }

  private mutating func bind(_ expression: Expression, in context: inout Context)
    -> BoundExpression?
  {
    switch expression {
    case .literal(let value, _): return .literal(value)
    case .name(let name, let isQuoted, let span):
      return bindName(name, isQuoted: isQuoted, at: span, in: context)
    case .call(let name, let arguments, let span):
      return bindCall(name, arguments, at: span, in: &context)
    case .access(let base, let keys, _):
      guard let bound = bindOperand(base, in: &context) else { return nil }
      guard bound.type.mayBeStructure else {
        report(
          "not-a-structure", "'\(source[base.span])' is no map and no list", at: base.span,
          help: ["parts are taken of what jsonParse and split give: jsonParse(@message).name"])
        return nil
      }
      return bound.element(keys)
    case .unary(let op, let operand, _):
      guard let bound = bindOperand(operand, in: &context) else { return nil }
      return op == .not ? bound.negatedCondition : bound.negatedNumber
    case .binary(let op, let left, let right):
      if op.value == .equal, case .name(let name, _, let span) = left, case .period = right,
        let line = ForeignSyntax.line(
          for: name, in: ForeignSyntax.operators, { $0 == "right" ? source[right.span] : nil })
      {
        report(
          "foreign-option", "'\(name)' is no option here",
          at: span.lowerBound..<right.span.upperBound, help: ["write: \(line)"])
        return nil
      }
      if op.value == .plus || op.value == .minus, case .period = right {
        return bindShift(of: left, op, by: right, in: &context)
      }
      if op.value == .plus, case .period = left {
        return bindShift(of: right, op, by: left, in: &context)
      }
      guard let left = bindOperand(left, in: &context) else { return nil }
      return bindBinary(op, left, right, in: &context)
    case .regex(_, let span):
      report(
        "misplaced-regex",
        "a regex stands only after 'like', '=~' and 'parse'",
        at: span)
    case .period(let count, let unit, let span):
      report(
        "misplaced-period",
        "a period stands only in 'bin', 'datefloor', 'dateceil' and 'rate', and behind a time and a sign",
        at: span,
        help: Period.Unit(spelling: unit).map { unit in
          ["write: bin(\(source[span])) to group by time"]
            + (unit.fixedMilliseconds.map { ["as a number of milliseconds: \($0 * count)"] } ?? [])
        } ?? [
          "'\(unit)' is no unit of time; a name that starts with a digit needs backticks: `\(count)\(unit)`"
        ])
    case .list(_, let span), .subquery(_, let span):
      report("misplaced-list", "a list stands only after 'in'", at: span)
    case .star(let span):
      report("misplaced-star", "'*' stands only in 'count(*)'", at: span)
    }
    return nil
  }

  /// Binds a time plus or minus a period: `@timestamp + 9h`.
  private mutating func bindShift(
    of time: Expression, _ op: Spanned<BinaryOperator>, by period: Expression,
    in context: inout Context
  ) -> BoundExpression? {
    guard let period = period.period(in: &self, isCapped: false),
      let bound = bindOperand(time, in: &context)
    else { return nil }
    let isTime = bound.type == .timestamp
    guard let unit = period.unit.fixedMilliseconds else {
      guard isTime else {
        report(
          "period-unit", "a number cannot be moved by months, quarters or years", at: time.span,
          help: ["make it a timestamp: fromMillis(\(source[time.span]))"])
        return nil
      }
      let months = (op.value == .minus ? -1 : 1) * period.count * period.unit.months
      return bound.calling(.addMonths, .literal(.integer(months)))
    }
    let milliseconds = unit * period.count
    if isTime {
      warn(
        "moved-time", "the time is moved by \(milliseconds) ms", at: op.span,
        notes: ["CloudWatch has been seen to move times by other amounts"],
        help: ["compare one row with CloudWatch before you rely on it"])
    } else {
      warn(
        "period-as-number", "a period beside a number is \(milliseconds), its milliseconds",
        at: op.span,
        help: ["a period moves a timestamp: fromMillis(\(source[time.span]))"])
    }
    return bound.arithmetic(op.value, .literal(.integer(milliseconds)))
  }

  /// Binds a subexpression, in which an aggregate is not a result by itself.
  private mutating func bindOperand(_ expression: Expression, in context: inout Context)
    -> BoundExpression?
  {
    if case .results(let collector, _) = context { context = .results(collector, nil) }
    return bind(expression, in: &context)
  }

  private mutating func bindName(
    _ name: String, isQuoted: Bool, at span: SourceSpan, in context: Context
  ) -> BoundExpression? {
    if !isQuoted, !scope.defines(name) {
      if let value = Self.truthValue(of: name) { return .literal(.integer(value)) }
    }
    guard case .results(let collector, _) = context else {
      return resolve(Spanned(name, span))
    }
    if let column = (collector.siblings + collector.keys).first(where: { $0.name == name }) {
      return .column(column)
    }
    report(
      "field-outside-aggregate", "field '\(name)' stands outside an aggregate", at: span,
      notes: ["'stats' knows only aggregates, its 'by' fields and the results before this one"],
      help: FunctionRegistry.aggregate(named: name) == nil
        ? ["wrap it, as in max(\(printedName(name))), or group by it"]
        : [
          "write: "
            + source.command(
              with: "\(name)(\(name.lowercased() == "count" ? "*" : "@duration"))", insteadOf: span)
        ])
    return nil
  }

  /// Returns 1 or 0 for the words `true` and `false`, unless a field has that name.
  private static func truthValue(of name: String) -> Int64? {
    switch name.lowercased() {
    case "true": 1
    case "false": 0
    default: nil
    }
  }

  // MARK: Calls

  private mutating func bindCall(
    _ name: Spanned<String>, _ arguments: [Expression], at span: SourceSpan,
    in context: inout Context
  ) -> BoundExpression? {
    guard let function = function(named: name.value, in: context) else {
      reportUnknownFunction(name, arguments)
      return nil
    }
    var arguments = arguments
    let isShort = arguments.count == function.argumentCounts.upperBound - 1
    if isShort, let field = function.impliedField {
      arguments.insert(.name(field, isQuoted: false, name.span), at: 0)
    }
    guard checkCount(of: arguments, for: function, at: name.span) else { return nil }
    guard function.isAggregate else {
      var bound: [BoundArgument] = []
      for argument in arguments {
        switch argument {
        // The function itself interprets a period.
        case .period, .star, .regex:
          bound.append(BoundArgument(syntax: argument, expression: nil))
        default:
          guard let expression = bindOperand(argument, in: &context) else { return nil }
          bound.append(BoundArgument(syntax: argument, expression: expression))
        }
      }
      return function.bind(FunctionCall(name: name, arguments: bound, span: span), in: &self)
    }
    guard case .results(var collector, let resultName) = context else {
      report(
        "aggregate-outside-stats", "aggregate '\(name.value)' stands outside 'stats'",
        at: name.span,
        help: ["aggregates are computed by 'stats': stats \(source[span])"])
      return nil
    }
    var bound: [BoundArgument] = []
    for argument in arguments {
      switch argument {
      case .period, .star, .regex:
        bound.append(BoundArgument(syntax: argument, expression: nil))
      default:
        guard let expression = bind(argument, in: .rows),
          checkSingleValue(expression, at: argument.span, for: function.name)
        else { return nil }
        bound.append(BoundArgument(syntax: argument, expression: expression))
      }
    }
    let result = function.bind(FunctionCall(name: name, arguments: bound, span: span), in: &self)
    guard let call = checked(result, at: span) else { return nil }
    let column = collector.column(
      for: call, name: resultName ?? source[span], isResult: resultName != nil)
    countOperations(of: NamedExpression(column: column, expression: call))
    context = .results(collector, resultName)
    return .column(column)
  }

  /// Returns the function with a name; if it exists both as an aggregate and for single values,
  /// like `histogram`, the context decides.
  private func function(named name: String, in context: Context) -> Function? {
    if case .results = context, let aggregate = FunctionRegistry.aggregate(named: name) {
      return aggregate
    }
    return FunctionRegistry.function(named: name)
  }

  private mutating func checkCount(
    of arguments: [Expression], for function: Function, at span: SourceSpan
  ) -> Bool {
    let allowed = function.argumentCounts
    guard !allowed.contains(arguments.count) else { return true }
    let least = allowed.lowerBound - (function.impliedField == nil ? 0 : 1)
    let expected =
      if least == allowed.upperBound {
        counted(least, "argument")
      } else {
        "\(least) \(least + 1 == allowed.upperBound ? "or" : "to") \(allowed.upperBound) arguments"
      }
    report(
      "argument-count", "'\(function.name)' takes \(expected), not \(arguments.count)", at: span,
      help: ["\(function.signature): \(function.summary)"])
    return false
  }

  private mutating func reportUnknownFunction(
    _ name: Spanned<String>, _ arguments: [Expression]
  ) {
    let line = ForeignSyntax.line(for: name.value, in: ForeignSyntax.functions) { place in
      ForeignSyntax.argumentPlaces.firstIndex(of: place).flatMap {
        arguments.indices.contains($0) ? source[arguments[$0].span] : nil
      }
    }
    let similar = similarNames(to: name.value, among: FunctionRegistry.all.map(\.name))
    report(
      "unknown-function", "unknown function '\(name.value)'", at: name.span,
      help: [
        line.map { "write: \($0)" }
          ?? (similar.isEmpty
            ? "'insights functions' lists the functions"
            : "a function with a similar name exists: \(similar)")
      ], fix: line == nil ? similar.first : nil)
  }

  // MARK: Operators

  private mutating func bindBinary(
    _ op: Spanned<BinaryOperator>, _ left: BoundExpression, _ right: Expression,
    in context: inout Context
  ) -> BoundExpression? {
    switch op.value {
    case .like, .matches: return bindPattern(op.value, left, right)
    case .isIn: return bindMembership(of: left, in: right)
    default: break
    }
    guard
      let right = bindComparedName(right, by: op.value, in: context)
        ?? bindOperand(right, in: &context)
    else { return nil }
    warnIfNeverTrue(op, left, right)
    switch op.value {
    case .and: return left.asCondition.calling(.and, right.asCondition)
    case .or: return left.asCondition.calling(.or, right.asCondition)
    case .equal: return left.isEqual(to: right)
    case .notEqual: return left.isEqual(to: right).negatedCondition
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return left.isOrdered(op.value, before: right)
    default: return left.arithmetic(op.value, right)
    }
  }

  /// Warns of a number compared with non-numeric text, which behaves like a missing value and is
  /// rarely intended.
  private mutating func warnIfNeverTrue(
    _ op: Spanned<BinaryOperator>, _ left: BoundExpression, _ right: BoundExpression
  ) {
    let (number, text) = left.isNumeric ? (left, right) : (right, left)
    guard op.value.isComparison, number.isNumeric, text.isPlainText,
      case .literal(.text(let literal)) = text
    else { return }
    let outcome = op.value == .notEqual ? "always" : "never"
    let help =
      switch number.type {
      case .timestamp:
        "compare times in epoch milliseconds: toMillis(@timestamp) "
          + "\(left.isNumeric ? op.value.rawValue : ">=") \(Self.milliseconds(of: literal) ?? 1_767_225_600_000)"
      case .boolean: "true is 1 and false is 0"
      default: "compare with a number"
      }
    warn(
      "text-beside-number",
      "a \(number.type) is \(outcome) '\(op.value.rawValue)' \(quoted(literal))", at: op.span,
      help: [help])
  }

  /// Returns the time of a date, with an optional time of day, in epoch milliseconds.
  private static func milliseconds(of text: String) -> Int64? {
    Timestamp.parseISO8601(text) ?? Timestamp.parseISO8601(text + "T00:00:00")
  }

  /// Binds a name after a comparison that is not a field of this store.
  ///
  /// In backticks it is treated as text, as in AWS's Internet Monitor samples. Otherwise it is a
  /// field, with a warning that suggests quotes.
  private mutating func bindComparedName(
    _ expression: Expression, by op: BinaryOperator, in context: Context
  ) -> BoundExpression? {
    guard op.isComparison, case .name(let name, let isQuoted, let span) = expression,
      scope.structure(behind: name) == nil, let catalog, !isKnownField(name, in: catalog)
    else { return nil }
    if isQuoted { return op == .equal || op == .notEqual ? .literal(.text(name)) : nil }
    guard case .rows = context, scope.hasDiscoveredFields, Self.truthValue(of: name) == nil else {
      return nil
    }
    return lookUp(Spanned(name, span), isOperand: true).map { .column($0) }
  }

  private mutating func bindPattern(
    _ op: BinaryOperator, _ subject: BoundExpression, _ pattern: Expression
  ) -> BoundExpression? {
    switch pattern {
    case .literal(.text(let text), _) where op == .like:
      return subject.calling(.contains, .literal(.text(text)))
    case .literal(.text(let regex), let span), .regex(let regex, let span):
      guard groups(ofRegex: regex, at: span) != nil else { return nil }
      return subject.calling(.matches, .literal(.text(regex)))
    default: return nil
    }
  }

  private mutating func bindMembership(
    of subject: BoundExpression, in list: Expression
  ) -> BoundExpression? {
    if case .subquery(let query, let span) = list {
      return bindMembership(of: subject, inSubquery: query, at: span)
    }
    guard case .list(let elements, _) = list else { return nil }
    var values: [Value] = []
    for element in elements {
      guard case .literal(let value, _) = element else {
        var help = "list plain texts and numbers: in [\"a\", 5]"
        if case .name(let name, _, _) = element { help = "text stands in quotes: \(quoted(name))" }
        report(
          "list-of-literals", "the list after 'in' takes only literal values", at: element.span,
          help: [help])
        return nil
      }
      values.append(value)
    }
    return .membership(subject.asSingleValue, values)
  }
}
