internal import InsightsScan
internal import InsightsText

extension SQLCall {
  /// Returns a value of a JSON text.
  ///
  /// Strings are text, `true` and `false` are 1 and 0, `null` is NULL, objects and arrays are
  /// structures.
  func setResult(_ value: JSONScanner.Value, of json: UnsafeBufferPointer<UInt8>) {
    let written = UnsafeBufferPointer(rebasing: json[value.range])
    switch value.kind {
    case .string: setResult(escaped: value.range, of: json)
    case .number: setResult(numberWritten: written)
    case .true: setResult(true)
    case .false: setResult(false)
    case .object, .array: setResult(blob: written)
    case .null: break
    }
  }

  /// Returns the number in a text; one that is not exactly representable keeps its digits.
  func setResult(numberWritten text: UnsafeBufferPointer<UInt8>) {
    setResult(Cell(numberWritten: text))
  }

  private func setResult(escaped range: Range<Int>, of json: UnsafeBufferPointer<UInt8>) {
    guard
      json.firstOffset(of: UInt8(ascii: "\\"), from: range.lowerBound, to: range.upperBound) != nil
    else {
      setResult(text: UnsafeBufferPointer(rebasing: json[range]))
      return
    }
    let workspace = workspace
    workspace.output.removeAll(keepingCapacity: true)
    JSONScanner.appendUnescaped(range, of: json, to: &workspace.output)
    setResult(text: workspace.output)
  }
}
