internal import InsightsSQLite
internal import InsightsScan
internal import InsightsText

/// `ql_contains`, `ql_contains_nocase`, `ql_starts_with`, `ql_ends_with`, `ql_matches`,
/// `ql_capture`, `ql_glob`, `ql_json_selects`, `ql_spaced_field`: searching in text.
///
/// Patterns are compiled once per place in the statement if they are constant there.
enum PatternFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_contains", arguments: 2) { PatternFunctions.contains(SQLCall($0, $1, $2)) },
      SQLFunction("ql_contains_nocase", arguments: 2) {
        PatternFunctions.containsIgnoringCase(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_starts_with", arguments: 2) {
        PatternFunctions.startsWith(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_ends_with", arguments: 2) { PatternFunctions.endsWith(SQLCall($0, $1, $2)) },
      SQLFunction("ql_matches", arguments: 2) { PatternFunctions.matches(SQLCall($0, $1, $2)) },
      SQLFunction("ql_capture", arguments: 3) { PatternFunctions.capture(SQLCall($0, $1, $2)) },
      SQLFunction("ql_glob", arguments: 3) { PatternFunctions.glob(SQLCall($0, $1, $2)) },
      SQLFunction("ql_json_selects", arguments: 2) {
        PatternFunctions.jsonSelects(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_spaced_field", arguments: 4) {
        PatternFunctions.spacedField(SQLCall($0, $1, $2))
      },
    ]
  }

  private static func contains(_ call: SQLCall) {
    call.setResult(TextKernels.contains(call[0], call[1]))
  }

  private static func startsWith(_ call: SQLCall) {
    call.setResult(TextKernels.startsWith(call[0], call[1]))
  }

  private static func endsWith(_ call: SQLCall) {
    call.setResult(TextKernels.endsWith(call[0], call[1]))
  }

  /// Folds case like `tolower`.
  private static func containsIgnoringCase(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let workspace = call.workspace
    call[0].withText { fold($0, into: &workspace.folded) }
    call[1].withText { fold($0, into: &workspace.output) }
    call.setResult(
      workspace.folded.withUnsafeBufferPointer { text in
        workspace.output.withUnsafeBufferPointer { text.firstOffset(of: $0) != nil }
      })
  }

  private static func fold(_ text: UnsafeBufferPointer<UInt8>, into folded: inout [UInt8]) {
    TextFunctions.putChangedCase(
      of: text, from: UInt8(ascii: "A"), unicode: { $0.lowercased() }, to: &folded)
  }

  // MARK: Regular expressions

  private static func matches(_ call: SQLCall) {
    guard !call.hasNull, let expression = expression(of: call) else { return }
    let matcher = call.workspace.matcher
    switch call[0].withText({ expression.matches($0, using: matcher) }) {
    case .match: call.setResult(true)
    case .noMatch: call.setResult(false)
    case .tooExpensive: call.fail(call.workspace.budget.searchFailure)
    }
  }

  /// Returns the text of a group; NULL if there is no match or the group took no part.
  private static func capture(_ call: SQLCall) {
    guard !call.hasNull, let group = call[2].wholeNumber,
      let expression = expression(of: call)
    else { return }
    let matcher = call.workspace.matcher
    call[0].withText { text in
      switch expression.firstMatch(in: text, using: matcher) {
      case .match:
        if let range = matcher.range(ofGroup: Int(group)), range.upperBound <= text.count {
          call.setResult(text: UnsafeBufferPointer(rebasing: text[range]))
        }
      case .noMatch: break
      case .tooExpensive: call.fail(call.workspace.budget.searchFailure)
      }
    }
  }

  /// Returns the compiled second argument; `nil`, and the statement fails, if it is invalid.
  static func expression(of call: SQLCall) -> RegularExpression? {
    do {
      return try call.cached(forArgument: 1) { value in
        let pattern = value.withText { String(decoding: $0, as: UTF8.self) }
        return try RegularExpression(pattern: pattern)
      }
    } catch {
      call.fail("regular expression: \((error as? RegularExpressionError)?.message ?? "\(error)")")
      return nil
    }
  }

  // MARK: Filter patterns

  private static func jsonSelects(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let cached = call.cached(forArgument: 1) { value in
      CachedSelection(value.withText { JSONSelection($0) })
    }
    guard let selection = cached.selection else {
      return call.fail("a selection is not understood")
    }
    let matcher = call.workspace.matcher
    switch call[0].withText({ selection.holds(in: $0, using: matcher) }) {
    case .match: call.setResult(true)
    case .noMatch: call.setResult(false)
    case .tooExpensive: call.fail(call.workspace.budget.searchFailure)
    }
  }

  /// A selection, valid or not, as an object that SQLite can cache.
  private final class CachedSelection {
    let selection: JSONSelection?

    init(_ selection: JSONSelection?) { self.selection = selection }
  }

  private static func spacedField(_ call: SQLCall) {
    guard !call.hasNull, let count = call[1].wholeNumber, let gap = call[2].wholeNumber,
      let index = call[3].wholeNumber
    else { return }
    call[0].withText { text in
      let range = SpacedText.field(
        Int(index), of: Int(count), gap: gap < 0 ? nil : Int(gap), in: text)
      if let range { call.setResult(text: UnsafeBufferPointer(rebasing: text[range])) }
    }
  }

  // MARK: Globs

  /// Returns the capture with a number from 1; NULL if the pattern does not match.
  private static func glob(_ call: SQLCall) {
    guard !call.hasNull, let number = call[2].wholeNumber else { return }
    let pattern = call.cached(forArgument: 1) { value in
      CachedGlob(value.withText { String(decoding: $0, as: UTF8.self) })
    }
    guard number >= 1, number <= pattern.glob.captureCount else { return }
    let workspace = call.workspace
    call[0].withText { text in
      guard pattern.glob.captures(in: text, into: &workspace.captures) else { return }
      let range = workspace.captures[Int(number) - 1]
      call.setResult(text: UnsafeBufferPointer(rebasing: text[range]))
    }
  }

  /// A pattern as an object that SQLite can cache.
  private final class CachedGlob {
    let glob: GlobPattern

    init(_ pattern: String) {
      glob = GlobPattern(pattern)
    }
  }
}
