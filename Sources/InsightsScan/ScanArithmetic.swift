internal import InsightsText

/// Arithmetic like SQLite's operators: an integer overflow results in a real number.
enum ScanArithmetic {
  @inline(__always)
  static func sum(_ a: Cell, _ b: Cell) -> Cell {
    combined(a, b, { $0.addingReportingOverflow($1) }, { $0 + $1 })
  }

  @inline(__always)
  static func difference(_ a: Cell, _ b: Cell) -> Cell {
    combined(a, b, { $0.subtractingReportingOverflow($1) }, { $0 - $1 })
  }

  @inline(__always)
  static func product(_ a: Cell, _ b: Cell) -> Cell {
    combined(a, b, { $0.multipliedReportingOverflow(by: $1) }, { $0 * $1 })
  }

  /// Never rounds; missing for a division by zero.
  static func quotient(_ a: Cell, _ b: Cell) -> Cell {
    guard let x = a.storedNumber, let y = b.storedNumber, y.real != 0 else { return .null }
    return Cell(x.real / y.real)
  }

  static func negative(_ a: Cell) -> Cell {
    switch a.storedNumber {
    case .integer(.min)?: Cell(-Double(Int64.min))
    case .integer(let integer)?: Cell(-integer)
    case .real(let real)?: Cell(-real)
    case nil: .null
    }
  }

  @inline(__always)
  private static func combined(
    _ a: Cell, _ b: Cell, _ ofIntegers: (Int64, Int64) -> (partialValue: Int64, overflow: Bool),
    _ ofReals: (Double, Double) -> Double
  ) -> Cell {
    guard let x = a.storedNumber, let y = b.storedNumber else { return .null }
    if case .integer(let i) = x, case .integer(let j) = y {
      let (result, isOverflow) = ofIntegers(i, j)
      if !isOverflow { return Cell(result) }
    }
    return Cell(ofReals(x.real, y.real))
  }
}
