internal import InsightsModel

/// A piece of SQL.
///
/// All SQL text is built from fragments: values become bindings and names quoted identifiers, so
/// that user input is never parsed as SQL.
struct SQLFragment {
  private enum Part {
    case sql(String)
    /// A name with its quotes; it may contain line breaks.
    case identifier(String)
    case binding(Value)
  }

  private var parts: [Part] = []
  /// Whether it calls an aggregate function.
  var isAggregate = false

  private init(parts: [Part], isAggregate: Bool = false) {
    self.parts = parts
    self.isAggregate = isAggregate
  }

  /// Trusted SQL; never text from outside.
  init(sql: StaticString) {
    parts = [.sql(sql.description)]
  }

  static func number(_ number: Int64) -> SQLFragment {
    SQLFragment(parts: [.sql(String(number))])
  }

  /// A name in double quotes.
  static func identifier(_ name: String) -> SQLFragment {
    // By code points: as a `Character`, a quote with a combining accent would not equal a quote.
    let escaped = name.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
      .map { String($0) }.joined(separator: "\"\"")
    return SQLFragment(parts: [.identifier("\"\(escaped)\"")])
  }

  /// A value: a number is written literally, text becomes a binding.
  static func literal(_ value: Value) -> SQLFragment {
    switch value {
    case .null: SQLFragment(sql: "NULL")
    case .integer(let number): .number(number)
    case .real(let number): SQLFragment(parts: [.sql(String(number))])
    case .text, .wide: SQLFragment(parts: [.binding(value)])
    }
  }

  /// Fills the placeholders `{0}`, `{1}` …, `{*}` of a function's spelling, which is trusted text.
  static func spelling(_ template: String, _ arguments: [SQLFragment]) -> SQLFragment {
    var result = SQLFragment(parts: [])
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result.parts.append(.sql(String(rest[..<open])))
      let place = rest[rest.index(after: open)..<close]
      if place == "*" {
        result += arguments.joined(", ")
      } else if let index = Int(place), arguments.indices.contains(index) {
        result += arguments[index]
      } else {
        preconditionFailure("spelling '\(template)' has no argument \(place)")
      }
      rest = rest[rest.index(after: close)...]
    }
    result.parts.append(.sql(String(rest)))
    return result
  }

  static func + (left: SQLFragment, right: SQLFragment) -> SQLFragment {
    SQLFragment(
      parts: left.parts + right.parts, isAggregate: left.isAggregate || right.isAggregate)
  }

  static func += (left: inout SQLFragment, right: SQLFragment) {
    left.parts += right.parts
    left.isAggregate = left.isAggregate || right.isAggregate
  }

  /// Indents every line except the first.
  func indented(by columns: Int) -> SQLFragment {
    let indent = String(repeating: " ", count: columns)
    return SQLFragment(
      parts: parts.map { part in
        guard case .sql(let text) = part else { return part }
        return .sql(
          text.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\n" + indent))
      }, isAggregate: isAggregate)
  }

  /// Returns the text, with `?1`, `?2` … for the bindings, and their values; equal values share a
  /// number.
  func rendered() -> (text: String, bindings: [Value]) {
    var text = ""
    var bindings: [Value] = []
    for part in parts {
      switch part {
      case .sql(let sql), .identifier(let sql): text += sql
      case .binding(let value):
        let index = bindings.firstIndex(of: value) ?? bindings.count
        if index == bindings.count { bindings.append(value) }
        text += "?\(index + 1)"
      }
    }
    return (text, bindings)
  }
}

extension Array where Element == SQLFragment {
  func joined(_ separator: StaticString) -> SQLFragment {
    guard var result = first else { return SQLFragment(sql: "") }
    for fragment in dropFirst() {
      result += SQLFragment(sql: separator)
      result += fragment
    }
    return result
  }
}
