internal import InsightsSQLite
internal import InsightsText

/// `ql_regex_replace(text, pattern, replacement)`: replaces every match.
///
/// In the replacement `$1`, `${1}`, `${name}` and `\1` stand for the capture of a group, 0 for the
/// whole match; a backslash escapes `$` or a backslash.
enum ReplacementFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_regex_replace", arguments: 3) {
        ReplacementFunctions.replace(SQLCall($0, $1, $2))
      }
    ]
  }

  private static func replace(_ call: SQLCall) {
    guard !call.hasNull, let expression = PatternFunctions.expression(of: call) else { return }
    let replacement = call.cached(forArgument: 2) { value in
      value.withText { Replacement($0, groups: expression.captureNames) }
    }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    let outcome = call[0].withText { text in
      append(
        text, replacing: expression, by: replacement, using: workspace.matcher,
        to: &workspace.output)
    }
    switch outcome {
    case .tooExpensive: call.fail(workspace.budget.searchFailure)
    case .match, .noMatch: call.setResult(text: workspace.output)
    }
  }

  private static func append(
    _ text: UnsafeBufferPointer<UInt8>, replacing expression: RegularExpression,
    by replacement: Replacement, using matcher: RegularExpressionMatcher,
    to output: inout [UInt8]
  ) -> RegularExpressionOutcome {
    var position = 0
    var previousEnd = -1
    // A result that is too long is rejected at the end.
    while position <= text.count, output.count <= QueryBudget.valueByteCount {
      let outcome = expression.firstMatch(in: text, startingAt: position, using: matcher)
      if case .tooExpensive = outcome { return outcome }
      guard case .match = outcome, let match = matcher.range(ofGroup: 0),
        match.lowerBound >= position, match.upperBound <= text.count
      else { break }
      output.append(contentsOf: text[position..<match.lowerBound])
      // As in RE2, no empty match directly after another match.
      if !match.isEmpty || match.lowerBound != previousEnd {
        replacement.append(matchedBy: matcher, in: text, to: &output)
      }
      position = match.upperBound
      previousEnd = position
      if match.isEmpty {
        // The match was empty: the next search starts after the next character.
        let end = nextCharacter(after: position, in: text)
        output.append(contentsOf: text[min(position, text.count)..<min(end, text.count)])
        position = end
      }
    }
    if position < text.count { output.append(contentsOf: text[position...]) }
    return .match
  }

  private static func nextCharacter(
    after position: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Int {
    var next = position + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }

  /// A parsed replacement.
  private final class Replacement {
    private enum Part {
      case text([UInt8])
      case group(Int)
    }

    private var parts: [Part] = []
    private var text: [UInt8] = []

    init(_ replacement: UnsafeBufferPointer<UInt8>, groups: [String?]) {
      var index = 0
      while index < replacement.count {
        let byte = replacement[index]
        let next = index + 1 < replacement.count ? replacement[index + 1] : 0
        let isDigit = next &- UInt8(ascii: "0") < 10
        if byte == UInt8(ascii: "\\"), next == byte || next == UInt8(ascii: "$") {
          text.append(next)
          index += 2
        } else if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "$"), isDigit {
          add(group: Int(next - UInt8(ascii: "0")))
          index += 2
        } else if byte == UInt8(ascii: "$"), next == UInt8(ascii: "{"),
          let end = replacement[index...].firstIndex(of: UInt8(ascii: "}"))
        {
          let name = String(decoding: replacement[index + 2..<end], as: UTF8.self)
          if let group = Int(name) ?? groups.firstIndex(of: name).map({ $0 + 1 }) {
            add(group: group)
          }
          index = end + 1
        } else {
          text.append(byte)
          index += 1
        }
      }
      if !text.isEmpty { parts.append(.text(text)) }
    }

    private func add(group: Int) {
      if !text.isEmpty { parts.append(.text(text)) }
      text = []
      parts.append(.group(group))
    }

    func append(
      matchedBy matcher: RegularExpressionMatcher, in subject: UnsafeBufferPointer<UInt8>,
      to output: inout [UInt8]
    ) {
      for part in parts {
        switch part {
        case .text(let text): output.append(contentsOf: text)
        case .group(let group):
          guard let range = matcher.range(ofGroup: group), range.upperBound <= subject.count else {
            continue
          }
          output.append(contentsOf: subject[range])
        }
      }
    }
  }
}
