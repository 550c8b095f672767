package import InsightsText

/// The compiled test of `jsonSelects`.
package final class JSONSelection {
  private enum Step {
    case key([UInt8])
    case element(Int)
    case all
  }

  private enum Test {
    case isNull, isTrue, isFalse, isMissing
    case text([UInt8], isEqual: Bool)
    case regex(RegularExpression, isMatch: Bool)
    case number(NumericText.Number, (Int) -> Bool)
  }

  private let steps: [Step]
  private let test: Test

  /// Parses `[[step, …], test, value]`; `nil` for anything else.
  package init?(_ specification: UnsafeBufferPointer<UInt8>) {
    func text(_ value: JSONScanner.Value) -> [UInt8] {
      var text: [UInt8] = []
      JSONScanner.appendUnescaped(value.range, of: specification, to: &text)
      return text
    }
    var parts = JSONElements(of: specification, arrayAt: 0)
    guard let path = parts.next(), path.kind == .array, let name = parts.next(),
      let value = parts.next()
    else { return nil }
    var steps: [Step] = []
    var elements = JSONElements(of: specification, arrayAt: path.range.lowerBound)
    while let element = elements.next() {
      switch element.kind {
      case .string: steps.append(.key(text(element)))
      case .null: steps.append(.all)
      default:
        guard
          case .integer(let number)? = NumericText.number(
            UnsafeBufferPointer(rebasing: specification[element.range]))
        else { return nil }
        steps.append(.element(Int(truncatingIfNeeded: number)))
      }
    }
    self.steps = steps
    let test = String(decoding: text(name), as: UTF8.self)
    switch (test, value.kind) {
    case ("null", _): self.test = .isNull
    case ("true", _): self.test = .isTrue
    case ("false", _): self.test = .isFalse
    case ("missing", _): self.test = .isMissing
    case ("=", .string), ("!=", .string): self.test = .text(text(value), isEqual: test == "=")
    case ("=~", .string), ("!~", .string):
      let pattern = String(decoding: text(value), as: UTF8.self)
      guard let expression = try? RegularExpression(pattern: pattern) else { return nil }
      self.test = .regex(expression, isMatch: test == "=~")
    case (_, .number):
      guard let compare = Self.comparisons[test],
        let number = NumericText.number(
          UnsafeBufferPointer(rebasing: specification[value.range]))
      else { return nil }
      self.test = .number(number, compare)
    default: return nil
    }
  }

  private static let comparisons: [String: @Sendable (Int) -> Bool] = [
    "=": { $0 == 0 }, "!=": { $0 != 0 }, "<": { $0 < 0 }, "<=": { $0 <= 0 }, ">": { $0 > 0 },
    ">=": { $0 >= 0 },
  ]

  /// Whether a member selected by the steps passes the test; false for a text that is not a JSON
  /// object.
  package func holds(
    in text: UnsafeBufferPointer<UInt8>, using matcher: RegularExpressionMatcher
  ) -> RegularExpressionOutcome {
    guard let (object, end) = JSONScanner.value(in: text, at: 0), object.kind == .object,
      text[end...].allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) })
    else { return .noMatch }
    var outcome = RegularExpressionOutcome.noMatch
    var isFound = false
    visit(object, 0, in: text) { value in
      isFound = true
      outcome = meets(value, in: text, matcher)
      return outcome == .noMatch
    }
    if case .isMissing = test { return isFound ? .noMatch : .match }
    return outcome
  }

  /// Calls `body` with each value that the steps from `step` on select, until it returns false.
  ///
  /// - Returns: false if it did.
  @discardableResult
  private func visit(
    _ value: JSONScanner.Value, _ step: Int, in text: UnsafeBufferPointer<UInt8>,
    _ body: (JSONScanner.Value) -> Bool
  ) -> Bool {
    guard step < steps.count else { return body(value) }
    switch steps[step] {
    case .key(let key):
      guard value.kind == .object,
        let member = key.withUnsafeBufferPointer({
          JSONScanner.element($0, of: value, in: text)
        })
      else { return true }
      return visit(member, step + 1, in: text, body)
    case .element(let number):
      guard value.kind == .array else { return true }
      var elements = JSONElements(of: text, arrayAt: value.range.lowerBound)
      for _ in 0..<number where elements.next() == nil { return true }
      guard let element = elements.next() else { return true }
      return visit(element, step + 1, in: text, body)
    case .all:
      if value.kind == .array {
        var elements = JSONElements(of: text, arrayAt: value.range.lowerBound)
        while let element = elements.next() {
          if !visit(element, step + 1, in: text, body) { return false }
        }
      } else if value.kind == .object {
        var members = JSONMembers(of: text, objectAt: value.range.lowerBound)
        while let member = members.next() {
          if !visit(member.value, step + 1, in: text, body) { return false }
        }
      }
      return true
    }
  }

  private func meets(
    _ value: JSONScanner.Value, in text: UnsafeBufferPointer<UInt8>,
    _ matcher: RegularExpressionMatcher
  ) -> RegularExpressionOutcome {
    func outcome(_ truth: Bool) -> RegularExpressionOutcome { truth ? .match : .noMatch }
    switch (test, value.kind) {
    case (.isMissing, _), (_, .object), (_, .array): return .noMatch
    case (.isNull, let kind): return outcome(kind == .null)
    case (.isTrue, let kind): return outcome(kind == .true)
    case (.isFalse, let kind): return outcome(kind == .false)
    // There is no value to compare.
    case (_, .null): return .noMatch
    default: break
    }
    return withText(of: value, in: text) { found in
      switch test {
      case .text(let wanted, let isEqual): outcome(found.elementsEqual(wanted) == isEqual)
      case .regex(let expression, let isMatch):
        switch expression.matches(found, using: matcher) {
        case .match: outcome(isMatch)
        case .noMatch: outcome(!isMatch)
        case .tooExpensive: .tooExpensive
        }
      case .number(let wanted, let compare):
        outcome(NumericText.number(found).map { compare($0.compare(with: wanted)) } ?? false)
      case .isNull, .isTrue, .isFalse, .isMissing: .noMatch
      }
    }
  }

  /// Calls `body` with the text of a scalar: a string without its quotes, anything else as written.
  private func withText<Result>(
    of value: JSONScanner.Value, in text: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    let range = value.range
    let isPlain =
      text.firstOffset(of: UInt8(ascii: "\\"), from: range.lowerBound, to: range.upperBound) == nil
    if isPlain { return body(UnsafeBufferPointer(rebasing: text[range])) }
    var unescaped: [UInt8] = []
    JSONScanner.appendUnescaped(range, of: text, to: &unescaped)
    return unescaped.withUnsafeBufferPointer(body)
  }
}
