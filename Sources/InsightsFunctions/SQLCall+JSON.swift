internal import InsightsScan
internal import InsightsText

extension SQLCall {
  /// Returns a value of a JSON text.
  ///
  /// Strings are text, `true` and `false` are 1 and 0, `null` is NULL, objects and arrays are
  /// structures.
  func give(_ value: JSONScanner.Value, of json: UnsafeBufferPointer<UInt8>) {
    let written = UnsafeBufferPointer(rebasing: json[value.range])
    switch value.kind {
    case .string: give(escaped: value.range, of: json)
    case .number: give(numberWritten: written)
    case .true: give(true)
    case .false: give(false)
    case .object, .array: give(blob: written)
    case .null: break
    }
  }

  /// Returns the number in a text; one that is not exactly representable keeps its digits.
  func give(numberWritten text: UnsafeBufferPointer<UInt8>) { give(Cell(numberWritten: text)) }

  private func give(escaped range: Range<Int>, of json: UnsafeBufferPointer<UInt8>) {
    guard
      json.firstOffset(of: UInt8(ascii: "\\"), from: range.lowerBound, to: range.upperBound) != nil
    else {
      give(text: UnsafeBufferPointer(rebasing: json[range]))
      return
    }
    let workspace = workspace
    workspace.output.removeAll(keepingCapacity: true)
    JSONScanner.appendUnescaped(range, of: json, to: &workspace.output)
    give(text: workspace.output)
  }
}
