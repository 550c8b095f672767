/// Values over time, by period start in epoch milliseconds; or a single number.
enum MetricValues: Hashable, Sendable {
  case number(Double)
  case series([Int64: Double])
  case list([[Int64: Double]])
}

/// The supported part of CloudWatch's metric math: `+ - * /`, parentheses, `SUM`.
///
/// A result has a value only at times at which both operands have one. A division by zero has no
/// value.
struct MetricMath {
  private enum Symbol: Hashable {
    case number(Double)
    case word(String)
    case text(String)
    case mark(Character)
  }

  /// The maximum nesting, to protect the stack.
  private static let depthLimit = 64

  private let symbols: [Symbol]
  private var position = 0
  private var depth = 0
  /// Returns the values of an id; `nil` if there is none.
  private let value: (String) throws(DashboardError) -> MetricValues?
  /// Returns the values of all metrics whose id or label contains a text.
  private let metrics: (String) throws(DashboardError) -> [[Int64: Double]]

  /// Evaluates an expression.
  ///
  /// - Throws: `DashboardError` that names what is not supported.
  static func value(
    of expression: String,
    value: @escaping (String) throws(DashboardError) -> MetricValues?,
    metrics: @escaping (String) throws(DashboardError) -> [[Int64: Double]]
  ) throws(DashboardError) -> MetricValues {
    var math = MetricMath(symbols: try symbols(of: expression), value: value, metrics: metrics)
    let result = try math.sum()
    guard math.position == math.symbols.count else {
      throw DashboardError("the expression '\(expression)' cannot be read")
    }
    return result
  }

  private init(
    symbols: [Symbol], value: @escaping (String) throws(DashboardError) -> MetricValues?,
    metrics: @escaping (String) throws(DashboardError) -> [[Int64: Double]]
  ) {
    self.symbols = symbols
    self.value = value
    self.metrics = metrics
  }

  private static func symbols(of text: String) throws(DashboardError) -> [Symbol] {
    var symbols: [Symbol] = []
    var rest = text[...]
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if first.isASCII, first.isNumber || first == "." {
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits) else {
          throw DashboardError("'\(digits)' in an expression is no number")
        }
        symbols.append(.number(number))
        rest = rest.dropFirst(digits.count)
      } else if first.isLetter || first == "_" {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        symbols.append(.word(String(word)))
        rest = rest.dropFirst(word.count)
      } else if first == "\"" || first == "'" {
        let quoted = rest.dropFirst().prefix { $0 != first }
        symbols.append(.text(String(quoted)))
        rest = rest.dropFirst(quoted.count + 2)
      } else {
        symbols.append(.mark(first))
        rest.removeFirst()
      }
    }
    return symbols
  }

  private mutating func skip(_ mark: Character) -> Bool {
    guard position < symbols.count, symbols[position] == .mark(mark) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ mark: Character) throws(DashboardError) {
    guard skip(mark) else { throw DashboardError("an expression lacks '\(mark)'") }
  }

  private mutating func sum() throws(DashboardError) -> MetricValues {
    var result = try product()
    while true {
      if skip("+") {
        result = try Self.combined(result, try product()) { $0 + $1 }
      } else if skip("-") {
        result = try Self.combined(result, try product()) { $0 - $1 }
      } else {
        return result
      }
    }
  }

  private mutating func product() throws(DashboardError) -> MetricValues {
    var result = try factor()
    while true {
      if skip("*") {
        result = try Self.combined(result, try factor()) { $0 * $1 }
      } else if skip("/") {
        result = try Self.combined(result, try factor()) { $1 == 0 ? nil : $0 / $1 }
      } else {
        return result
      }
    }
  }

  private mutating func factor() throws(DashboardError) -> MetricValues {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.depthLimit, position < symbols.count else {
      throw DashboardError("an expression ends too early, or is nested too deeply")
    }
    if skip("-") { return try Self.combined(.number(0), try factor()) { $0 - $1 } }
    if skip("(") {
      let result = try sum()
      try expect(")")
      return result
    }
    if skip("[") { return try list() }
    let symbol = symbols[position]
    position += 1
    switch symbol {
    case .number(let number): return .number(number)
    case .word(let name):
      if skip("(") { return try call(of: name) }
      guard let value = try value(name) else {
        throw DashboardError("an expression names '\(name)', which no metric has as its id")
      }
      return value
    case .text, .mark:
      throw DashboardError("metric math beyond + - * / and SUM is not supported")
    }
  }

  private mutating func list() throws(DashboardError) -> MetricValues {
    var elements: [[Int64: Double]] = []
    repeat {
      switch try sum() {
      case .series(let series): elements.append(series)
      case .list(let list): elements += list
      case .number: throw DashboardError("a list of an expression holds a number")
      }
    } while skip(",")
    try expect("]")
    return .list(elements)
  }

  private mutating func call(of name: String) throws(DashboardError) -> MetricValues {
    switch name.uppercased() {
    case "METRICS":
      var wanted = ""
      if position < symbols.count, case .text(let text) = symbols[position] {
        wanted = text
        position += 1
      }
      try expect(")")
      return .list(try metrics(wanted))
    case "SUM":
      let argument = try sum()
      try expect(")")
      switch argument {
      // The SUM of one series is a number; of several series it is the sum at each time.
      case .number, .series: return Self.total(of: argument)
      case .list(let list):
        return .series(list.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) })
      }
    default:
      throw DashboardError(
        "the expression calls \(name): beyond + - * / and SUM metric math is not supported")
    }
  }

  private static func total(of values: MetricValues) -> MetricValues {
    guard case .series(let series) = values else { return values }
    return .number(series.values.reduce(0, +))
  }

  private static func combined(
    _ left: MetricValues, _ right: MetricValues, _ operation: (Double, Double) -> Double?
  ) throws(DashboardError) -> MetricValues {
    switch (left, right) {
    case (.number(let left), .number(let right)):
      guard let result = operation(left, right) else {
        throw DashboardError("an expression divides by zero")
      }
      return .number(result)
    case (.number(let left), .series(let right)):
      return .series(right.compactMapValues { operation(left, $0) })
    case (.series(let left), .number(let right)):
      return .series(left.compactMapValues { operation($0, right) })
    case (.series(let left), .series(let right)):
      var result: [Int64: Double] = [:]
      for (time, value) in left {
        if let other = right[time], let value = operation(value, other) { result[time] = value }
      }
      return .series(result)
    case (.list(let list), let other):
      return .list(
        try elements(of: list) { (one) throws(DashboardError) in
          try combined(one, other, operation)
        })
    case (let other, .list(let list)):
      return .list(
        try elements(of: list) { (one) throws(DashboardError) in
          try combined(other, one, operation)
        })
    }
  }

  private static func elements(
    of list: [[Int64: Double]], _ change: (MetricValues) throws(DashboardError) -> MetricValues
  ) throws(DashboardError) -> [[Int64: Double]] {
    var elements: [[Int64: Double]] = []
    for series in list {
      guard case .series(let result) = try change(.series(series)) else {
        throw DashboardError("an expression combines lists")
      }
      elements.append(result)
    }
    return elements
  }
}
