extension ReportColumns {
  /// A number of REPORT lines; the raw value is its index in `SegmentDirectory.reportBounds`.
  package enum Number: Int, CaseIterable {
    case duration, billedDuration, memorySize, maxMemoryUsed, initDuration
  }

  /// The bounds of each number, by `Number`; `nil` if no line has it.
  var bounds: [ClosedRange<Double>?] {
    Number.allCases.map { number in
      var bounds: ClosedRange<Double>?
      for line in events.indices {
        guard let value = real(number, at: line) else { continue }
        bounds =
          min(bounds?.lowerBound ?? value, value)...max(bounds?.upperBound ?? value, value)
      }
      return bounds
    }
  }

  private func real(_ number: Number, at line: Int) -> Double? {
    switch number {
    case .duration: Self.real(duration[line])
    case .billedDuration: Self.real(billedDuration[line])
    case .memorySize: Self.real(memorySize[line])
    case .maxMemoryUsed: Self.real(maxMemoryUsed[line])
    case .initDuration: Self.real(initDuration[line])
    }
  }

  private static func real(_ value: Double) -> Double? { value.isNaN ? nil : value }

  private static func real(_ value: Int64) -> Double? {
    value == SegmentReader.missing ? nil : Double(value)
  }
}
