extension ReportColumns {
  /// A number of REPORT lines; the raw value is its index in `SegmentDirectory.reportBounds`.
  enum Number: Int, CaseIterable {
    case duration, billedDuration, memorySize, maxMemoryUsed, initDuration
  }

  /// Returns the number of a line, NULL if it has none.
  func cell(_ number: Number, at line: Int) -> Cell {
    switch number {
    case .duration: Cell(duration[line])
    case .billedDuration: Self.cell(billedDuration[line])
    case .memorySize: Self.cell(memorySize[line])
    case .maxMemoryUsed: Self.cell(maxMemoryUsed[line])
    case .initDuration: Cell(initDuration[line])
    }
  }

  private static func cell(_ value: Int64) -> Cell {
    value == SegmentReader.missing ? .null : Cell(value)
  }

  /// The bounds of each number, by `Number`; `nil` if no line has it.
  var bounds: [ClosedRange<Double>?] {
    Number.allCases.map { number in
      var bounds: ClosedRange<Double>?
      for line in events.indices {
        guard let value = cell(number, at: line).storedNumber?.real else { continue }
        bounds =
          min(bounds?.lowerBound ?? value, value)...max(bounds?.upperBound ?? value, value)
      }
      return bounds
    }
  }
}
