internal import CSQLite
package import InsightsModel
internal import InsightsText

/// The implementation of a function of single values in a scan.
enum ScanKernel: Sendable {
  case unary(@Sendable (CellVector) -> CellVector)
  /// The number is that of the events in both vectors.
  case binary(@Sendable (CellVector, CellVector, Int) -> CellVector)
  /// The evaluator evaluates only the arguments that are needed.
  case choice, coalesce
  /// The second argument is a pattern that is compiled before the scan.
  case matches, capture, matchesGlob
  /// The other arguments are prepared before the scan.
  case jsonSelects, spacedField
  /// The second and third argument are a period that is prepared before the scan.
  case dateFloor, dateCeil

  /// All functions that a scan supports.
  static let all: [FunctionID: ScanKernel] = [
    .choice: .choice, .coalesce: .coalesce,
    .and: ofValues { a, b in
      if !a.isNull && !a.isTrue || !b.isNull && !b.isTrue { return Cell(false) }
      return a.isNull || b.isNull ? .null : Cell(true)
    },
    .or: ofValues { a, b in
      if a.isTrue || b.isTrue { return Cell(true) }
      return a.isNull || b.isNull ? .null : Cell(false)
    },
    .not: ofValues { $0.isNull ? .null : Cell(!$0.isTrue) },
    .isPresent: ofValues { Cell(!$0.isNull) },
    .isNonzero: ofValues { $0.isNull ? .null : Cell($0.isTrue || $0.kind == .text) },
    .isTrue: ofValues { Cell(ComparisonKernels.isTrue($0)) },
    .number: .unary { vector in
      // Most numbers are stored as such.
      vector.hasTexts ? vector.map { Cell($0.number) } : vector
    },
    .plainNumber: .unary { $0 },
    .isNumeric: ofValues { $0.isNull ? .null : Cell($0.number != nil) },

    .equal: comparison { $0 == 0 },
    .less: comparison { $0 < 0 },
    .lessOrEqual: comparison { $0 <= 0 },
    .greater: comparison { $0 > 0 },
    .greaterOrEqual: comparison { $0 >= 0 },
    .equalValues: ofValues { Cell(ComparisonKernels.equalValues($0, $1)) },
    .sortsBefore: naturalComparison { $0 < 0 },
    .sortsBeforeOrEqual: naturalComparison { $0 <= 0 },
    .sortsAfter: naturalComparison { $0 > 0 },
    .sortsAfterOrEqual: naturalComparison { $0 >= 0 },

    .contains: ofValues { Cell(TextKernels.contains($0, $1)) },
    .startsWith: ofValues { Cell(TextKernels.startsWith($0, $1)) },
    .endsWith: ofValues { Cell(TextKernels.endsWith($0, $1)) },
    .strlen: ofValues { Cell(TextKernels.length($0)) },
    .byteCount: ofValues { Cell(TextKernels.byteCount($0)) },
    .isEmpty: ofValues { Cell(TextKernels.isEmpty($0)) },
    .matches: .matches, .capture: .capture, .glob: .capture, .matchesGlob: .matchesGlob,
    .jsonSelects: .jsonSelects, .spacedField: .spacedField,

    .plus: ofValues(ScanArithmetic.sum),
    .minus: ofValues(ScanArithmetic.difference),
    .times: ofValues(ScanArithmetic.product),
    .divided: ofValues(ScanArithmetic.quotient),
    .negative: ofValues(ScanArithmetic.negative),

    .dateFloor: .dateFloor, .dateCeil: .dateCeil,
    .addMonths: ofValues { Cell(DateKernels.adding(months: $1, to: $0)) },
  ]

  @inline(__always)
  private static func ofValues(_ body: @escaping @Sendable (Cell) -> Cell) -> ScanKernel {
    .unary { $0.map(body) }
  }

  @inline(__always)
  private static func ofValues(_ body: @escaping @Sendable (Cell, Cell) -> Cell) -> ScanKernel {
    .binary { left, right, count in
      if case .constant(let cell) = right { return left.map { body($0, cell) } }
      if case .constant(let cell) = left { return right.map { body(cell, $0) } }
      let rights = right.expanded(count: count)
      var cells = left.expanded(count: count)
      for index in 0..<count { cells[index] = body(cells[index], rights[index]) }
      return .cells(cells)
    }
  }

  /// Compares like SQLite's own operators.
  @inline(__always)
  private static func comparison(_ test: @escaping @Sendable (Int) -> Bool) -> ScanKernel {
    ofValues { $0.isNull || $1.isNull ? .null : Cell(test(Cell.order($0, $1))) }
  }

  @inline(__always)
  private static func naturalComparison(_ test: @escaping @Sendable (Int) -> Bool) -> ScanKernel {
    ofValues { Cell(ComparisonKernels.naturalOrder($0, $1).map(test)) }
  }
}

extension ScanNode {
  /// The values of a membership test: whether the value is one of the texts or of the numbers.
  ///
  /// Numbers from 2^63 on are among the texts, as their digits.
  static func contains(
    _ operand: Cell, texts: [Cell], numbers: [NumericText.Number]
  ) -> Cell {
    if operand.isNull { return .null }
    if operand.hasBytes,
      texts.contains(where: { $0.text.compareBytes(with: operand.text) == 0 })
    {
      return Cell(true)
    }
    guard let number = operand.number else { return Cell(false) }
    if case .real(let real) = number, real.magnitude >= NumericText.wideMagnitude {
      var digits: [UInt8] = []
      operand.appendDigits(ofLarge: real, to: &digits)
      return Cell(
        digits.withUnsafeBufferPointer { digits in
          texts.contains { $0.text.compareBytes(with: digits) == 0 }
        })
    }
    return Cell(numbers.contains { $0.compare(with: number) == 0 })
  }

  /// For `matchesGlob`: SQLite's `GLOB`.
  func matchesGlob(_ value: Cell) -> Cell {
    if value.isNull || sqlGlob.isEmpty { return .null }
    let text = value.withText { $0.map { CChar(bitPattern: $0) } + [0] }
    return Cell(sqlite3_strglob(sqlGlob, text) == 0)
  }

  /// For `dateFloor` and `dateCeil`.
  func edge(_ time: Cell) -> Cell {
    guard let period else { return .null }
    if case .dateCeil? = kernel { return Cell(DateKernels.ceil(time, period)) }
    return Cell(DateKernels.floor(time, period))
  }
}

extension ScanCapabilities {
  /// The functions that scans of segments can evaluate, for relations that they contain.
  package static func ofSegments(relations: Set<String>) -> ScanCapabilities {
    ScanCapabilities(
      relations: relations, scalars: Set(ScanKernel.all.keys),
      constantArguments: [
        .matches, .capture, .glob, .matchesGlob, .jsonSelects, .spacedField, .dateFloor, .dateCeil,
      ],
      aggregates: Set(AggregateColumn.kinds.keys), hasFirsts: true)
  }
}
