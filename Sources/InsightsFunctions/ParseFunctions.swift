internal import InsightsScan
internal import InsightsSQLite
internal import InsightsText

/// `ql_logfmt`, `ql_csv`, `ql_xml`, `ql_captures`, `ql_elements`: parsing of text for `parse` and
/// `unnest`.
enum ParseFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_logfmt", arguments: 1) { ParseFunctions.logfmt(SQLCall($0, $1, $2)) },
      SQLFunction("ql_csv", arguments: 2) { ParseFunctions.csv(SQLCall($0, $1, $2)) },
      SQLFunction("ql_xml", arguments: 2) { ParseFunctions.xml(SQLCall($0, $1, $2)) },
      SQLFunction("ql_captures", arguments: 2) { ParseFunctions.captures(SQLCall($0, $1, $2)) },
      SQLFunction("ql_elements", arguments: 1) { ParseFunctions.elements(SQLCall($0, $1, $2)) },
    ]
  }

  /// Returns the pairs of a logfmt line as a map; the first of equal keys counts, as in JSON.
  private static func logfmt(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    workspace.output.append(UInt8(ascii: "{"))
    call[0].withText { text in
      var scanner = LogfmtScanner(text)
      while let pair = scanner.next() {
        guard let value = pair.value else { continue }
        if workspace.output.count > 1 { workspace.output.append(UInt8(ascii: ",")) }
        JSONWriter.append(
          string: UnsafeBufferPointer(rebasing: text[pair.key]), to: &workspace.output)
        workspace.output.append(UInt8(ascii: ":"))
        workspace.folded.removeAll(keepingCapacity: true)
        if pair.isQuoted {
          LogfmtScanner.appendUnescaped(value, of: text, to: &workspace.folded)
        } else {
          workspace.folded.append(contentsOf: text[value])
        }
        workspace.folded.withUnsafeBufferPointer {
          JSONWriter.append(string: $0, to: &workspace.output)
        }
      }
    }
    // A line without a pair is not logfmt.
    guard workspace.output.count > 1 else { return }
    workspace.output.append(UInt8(ascii: "}"))
    call.setResult(blob: workspace.output)
  }

  /// Returns the field of the first row at a position from 1.
  private static func csv(_ call: SQLCall) {
    guard !call.hasNull, let number = call[1].wholeNumber else { return }
    let workspace = call.workspace
    call[0].withText { text in
      var scanner = CSVScanner(text)
      var position: Int64 = 0
      while let field = scanner.next() {
        position += 1
        if position == number {
          workspace.output.removeAll(keepingCapacity: true)
          CSVScanner.append(field, of: text, to: &workspace.output)
          return call.setResult(text: workspace.output)
        }
        if field.isLastOfRow { return }
      }
    }
  }

  /// Returns the part of an XML text that a path selects.
  private static func xml(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let path = call.cached(forArgument: 1) { value in
      CachedPath(value.withText { String(decoding: $0, as: UTF8.self) })
    }.path
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    let isFound = call[0].withText { text in
      path?.appendFirstValue(in: text, to: &workspace.output) ?? false
    }
    if isFound { call.setResult(text: workspace.output) }
  }

  /// A path as an object that SQLite can cache; `nil` if it is invalid.
  private final class CachedPath {
    let path: XMLPath?

    init(_ text: String) {
      path = try? XMLPath(text)
    }
  }

  /// Returns every match of a regex as a list of the texts of its groups.
  private static func captures(_ call: SQLCall) {
    guard !call.hasNull, let expression = PatternFunctions.expression(of: call) else { return }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    call[0].withText { text in
      var start = 0
      while start <= text.count {
        switch expression.firstMatch(in: text, startingAt: start, using: workspace.matcher) {
        case .noMatch: start = text.count + 1
        case .tooExpensive:
          workspace.output.removeAll(keepingCapacity: true)
          return call.fail(workspace.budget.searchFailure)
        case .match:
          workspace.output.append(
            workspace.output.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
          appendGroups(expression.captureCount, of: text, workspace)
          let match = workspace.matcher.range(ofGroup: 0) ?? text.count..<text.count
          // An empty match would be found again at the same position.
          start = match.isEmpty ? match.upperBound + 1 : match.upperBound
        }
      }
    }
    guard !workspace.output.isEmpty else { return }
    workspace.output.append(UInt8(ascii: "]"))
    call.setResult(blob: workspace.output)
  }

  private static func appendGroups(
    _ count: Int, of text: UnsafeBufferPointer<UInt8>, _ workspace: FunctionWorkspace
  ) {
    workspace.output.append(UInt8(ascii: "["))
    for group in 1...max(count, 1) {
      if group > 1 { workspace.output.append(UInt8(ascii: ",")) }
      if let range = workspace.matcher.range(ofGroup: group), range.upperBound <= text.count {
        JSONWriter.append(
          string: UnsafeBufferPointer(rebasing: text[range]), to: &workspace.output)
      } else {
        JSONWriter.appendNull(to: &workspace.output)
      }
    }
    workspace.output.append(UInt8(ascii: "]"))
  }

  /// Returns the JSON text of a list; any other value becomes a list with one element.
  private static func elements(_ call: SQLCall) {
    let structure = call[0].withStructure { json -> [UInt8]? in
      json.first(where: { $0 > 0x20 }) == UInt8(ascii: "[")
        ? Array(json) : [UInt8(ascii: "[")] + json + [UInt8(ascii: "]")]
    }
    if let structure { return call.setResult(text: structure) }
    guard !call[0].isNull else { return }
    var list: [UInt8] = [UInt8(ascii: "[")]
    if call[0].storedNumber != nil || call[0].isWide {
      call[0].withText { list.append(contentsOf: $0) }
    } else {
      call[0].withText { JSONWriter.append(string: $0, to: &list) }
    }
    list.append(UInt8(ascii: "]"))
    call.setResult(text: list)
  }
}
