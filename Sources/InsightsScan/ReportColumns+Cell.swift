internal import InsightsSegments

extension ReportColumns {
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
}
