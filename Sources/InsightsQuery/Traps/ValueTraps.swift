internal import InsightsModel

extension Trap {
  /// Traps (lint rules) about values: booleans, missing fields, times and memory.
  static let values: [Trap] = [
    Trap("boolean-as-text", "JSON true and false become 1 and 0", explainsNoRows: true) { search in
      search.operations.compactMap { op, left, right, whole in
        guard op == .equal || op == .notEqual, case .literal(.text(let text), _) = right,
          text == "true" || text == "false"
        else { return nil }
        let subject = search.source[left.span]
        return Finding(
          message: "'\(subject)' is compared with the text \(quoted(text))", span: whole.span,
          help: "for a JSON boolean write: \(subject) \(op.rawValue) \(text == "true" ? 1 : 0)")
      }
    },
    Trap(
      "null-is-a-name", "there is no null: the word is a field's name", explainsNoRows: true
    ) { search in
      search.operations.compactMap { op, left, right, whole in
        guard op == .equal || op == .notEqual, case .name(let name, false, _) = right,
          ["null", "nil", "none", "undefined"].contains(name.lowercased()),
          search.mayBeMissing(name)
        else { return nil }
        let subject = search.source[left.span]
        return Finding(
          message: "'\(subject)' is compared with a field called '\(name)'", span: whole.span,
          help: "write: \(op == .equal ? "not " : "")ispresent(\(subject))")
      }
    },
    Trap("dashes-subtract", "a comment begins with #; two dashes are a minus and a sign") {
      search in
      search.operations.compactMap { op, _, right, whole in
        guard op == .minus, case .unary(.minus, _, let span) = right,
          search.source.bytes[max(0, span.lowerBound - 1)] == UInt8(ascii: "-")
        else { return nil }
        return Finding(
          message: "'--' begins no comment", span: whole.span, help: "for a comment write: # …")
      }
    },
    Trap(
      "missing-field-dropped", "a comparison with a missing field is not true", explainsNoRows: true
    ) { search in
      search.commands.flatMap { command -> [Finding] in
        command.condition.map { droppingComparisons($0, in: search) } ?? []
      }
    },
    Trap(
      "seconds-as-milliseconds", "@timestamp and toMillis() are milliseconds, now() is seconds",
      explainsNoRows: true
    ) {
      search in
      search.operations.compactMap { op, left, right, whole in
        guard op.isComparison, isTime(left) || isTime(right),
          let seconds = constant(isTime(left) ? right : left), (1e8..<1e11).contains(seconds)
        else { return nil }
        return Finding(
          message: "milliseconds are compared with a number that looks like seconds",
          span: whole.span, help: "multiply it: toMillis(@timestamp) >= (now() - 3600) * 1000")
      }
    },
    Trap("time-as-number", "aggregates of a time are numbers of milliseconds") { search in
      guard let last = search.stats.last else { return [] }
      let isUsed = { (name: String) in
        search.expressions.contains { expression in
          guard case .call(let function, let arguments, _) = expression else { return false }
          return ["frommillis", "datefloor", "dateceil", "bin"].contains(
            function.value.lowercased())
            && arguments.contains { $0.names.contains { $0.value == name } }
        }
      }
      return last.results.compactMap { result in
        guard case .call(let function, let arguments, let span) = result.expression,
          ["min", "max", "earliest", "latest"].contains(function.value.lowercased()),
          case .name(let name, _, _)? = arguments.first,
          name == "@timestamp" || name == "@ingestionTime", !isUsed(result.name)
        else { return nil }
        let call = search.source[span]
        return Finding(
          message: "'\(call)' shows as a number", span: span, help: "write: fromMillis(\(call))")
      }
    },
    Trap("memory-divisor", "memory is in bytes of 1,000,000 to a megabyte: 128 MB is 128000000") {
      search in
      search.operations.compactMap { op, left, right, _ in
        guard op == .divided, isBinaryUnit(right), !left.all.contains(where: isDivisionByUnit),
          left.names.contains(where: { ["@memorySize", "@maxMemoryUsed"].contains($0.value) })
        else { return nil }
        return Finding(
          message: "memory is divided by \(search.source[right.span])", span: right.span,
          help: "divide by 1000: @memorySize / 1000 / 1000 is in MB")
      }
    },
    Trap(
      "count-omitted", "count(field) is missing, not 0, where no event of the group has the field"
    ) {
      search in
      search.stats.filter { !$0.keys.isEmpty }.flatMap { stats in
        stats.results.flatMap { $0.expression.all }.compactMap { expression -> Finding? in
          guard case .call(let function, let arguments, let span) = expression,
            function.value.lowercased() == "count",
            case .name(let name, _, _)? = arguments.first, search.mayBeMissing(name)
          else { return nil }
          return Finding(
            message: "groups without '\(name)' have no count", span: span,
            help: "for a 0 there write: sum(ispresent(\(printedName(name))))")
        }
      }
    },
    Trap("strcontains-case", "the third argument has been seen to have no effect") { search in
      search.expressions.compactMap { expression in
        guard case .call(let function, let arguments, let span) = expression,
          function.value.lowercased() == "strcontains", arguments.count == 3
        else { return nil }
        return Finding(
          message: "'strcontains' with a third argument", span: span,
          help: "fold the case yourself: strcontains(tolower(field), \"text\")")
      }
    },
  ]

  /// Returns comparisons that drop events without the field, unless this is clearly intended.
  private static func droppingComparisons(
    _ condition: Expression, in search: TrapSearch
  ) -> [Finding] {
    let guarded = Set(
      condition.all.compactMap { expression -> String? in
        guard case .call(let function, let arguments, _) = expression,
          ["ispresent", "isempty", "isblank", "coalesce"].contains(function.value.lowercased()),
          case .name(let name, _, _)? = arguments.first
        else { return nil }
        return name
      })
    return condition.all.compactMap { expression in
      let subject: Expression
      switch expression {
      case .binary(let op, let left, _) where op.value == .notEqual: subject = left
      case .unary(.not, .binary(let op, let left, _), _)
      where [.like, .isIn, .equal, .matches].contains(op.value):
        subject = left
      default: return nil
      }
      guard case .name(let name, _, _) = subject, search.mayBeMissing(name),
        !guarded.contains(name)
      else { return nil }
      return Finding(
        message: "events without '\(name)' are dropped", span: expression.span,
        help: "to keep them write: not ispresent(\(printedName(name))) or …")
    }
  }

  private static func isTime(_ expression: Expression) -> Bool {
    switch expression {
    case .name(let name, _, _): name == "@timestamp" || name == "@ingestionTime"
    case .call(let function, _, _):
      ["tomillis", "bin", "datefloor", "dateceil"].contains(function.value.lowercased())
    default: false
    }
  }

  /// Evaluates arithmetic over numbers and `now()`, which is about 1.8e9; `nil` for other
  /// expressions.
  private static func constant(_ expression: Expression) -> Double? {
    switch expression {
    case .literal(.integer(let number), _): return Double(number)
    case .literal(.real(let number), _): return number
    case .call(let function, _, _) where function.value.lowercased() == "now": return 1.8e9
    case .binary(let op, let left, let right):
      guard let left = constant(left), let right = constant(right) else { return nil }
      switch op.value {
      case .plus: return left + right
      case .minus: return left - right
      case .times: return left * right
      case .divided: return left / right
      default: return nil
      }
    default: return nil
    }
  }

  private static func isBinaryUnit(_ expression: Expression) -> Bool {
    [1024, 1024 * 1024, 1024 * 1024 * 1024].contains(constant(expression))
  }

  /// Whether it divides by a unit of bytes, including 1000, as a GB of Lambda's price is 1024 MB.
  private static func isDivisionByUnit(_ expression: Expression) -> Bool {
    guard case .binary(let op, _, let right) = expression, op.value == .divided else {
      return false
    }
    return isBinaryUnit(right) || [1000, 1_000_000].contains(constant(right))
  }
}
