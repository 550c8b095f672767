internal import InsightsText

extension SQLCall {
  /// Gives a value of a JSON text.
  ///
  /// Strings are text, `true` and `false` are 1 and 0, `null` is NULL, objects and arrays are
  /// structures.
  func give(_ value: JSONScanner.Value, of json: UnsafeBufferPointer<UInt8>) {
    let written = UnsafeBufferPointer(rebasing: json[value.range])
    switch value.kind {
    case .string: give(escaped: value.range, of: json)
    case .number:
      switch NumericText.number(written) {
      case .integer(let integer): give(integer)
      case .real(let real): give(real)
      // Too great for a Double: kept as it was written.
      case nil: give(text: written)
      }
    case .true: give(true)
    case .false: give(false)
    case .object, .array: give(blob: written)
    case .null: break
    }
  }

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
