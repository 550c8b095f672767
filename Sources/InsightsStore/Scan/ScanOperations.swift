internal import CSQLite
internal import InsightsModel
internal import InsightsText

/// The scan's functions of single values, as SQLite and the functions `ql_…` compute them.
enum ScanOperations {
  /// A function of one or two values; a missing second one is NULL.
  static func value(_ function: ScanFunction, _ a: Cell, _ b: Cell, _ arena: TextArena) -> Cell {
    switch function {
    case .isPresent: return Cell(!a.isNull)
    case .isNonzero: return a.isNull ? .null : Cell(a.isTrue || a.kind == .text)
    case .truth: return truth(a)
    case .number: return a.number.map { Cell($0) } ?? .null
    case .not: return a.isNull ? .null : Cell(!a.isTrue)
    case .equal: return compared(a, b) { $0 == 0 }
    case .less: return compared(a, b) { $0 < 0 }
    case .lessOrEqual: return compared(a, b) { $0 <= 0 }
    case .greater: return compared(a, b) { $0 > 0 }
    case .greaterOrEqual: return compared(a, b) { $0 >= 0 }
    case .equalValues: return equalValues(a, b, arena)
    case .sortsBefore: return naturallyCompared(a, b, arena) { $0 < 0 }
    case .sortsBeforeOrEqual: return naturallyCompared(a, b, arena) { $0 <= 0 }
    case .sortsAfter: return naturallyCompared(a, b, arena) { $0 > 0 }
    case .sortsAfterOrEqual: return naturallyCompared(a, b, arena) { $0 >= 0 }
    case .contains: return searched(a, b, arena) { $0.firstOffset(of: $1) != nil }
    case .startsWith: return searched(a, b, arena) { $0.starts(with: $1) }
    case .endsWith: return searched(a, b, arena) { $0.suffix($1.count).elementsEqual($1) }
    case .plus: return sum(a, b, isDifference: false)
    case .minus: return sum(a, b, isDifference: true)
    case .times: return product(a, b)
    case .divided: return quotient(a, b)
    case .timeFloor: return timeFloor(a, b)
    case .and:
      if !a.isNull && !a.isTrue || !b.isNull && !b.isTrue { return Cell(false) }
      return a.isNull || b.isNull ? .null : Cell(true)
    case .or:
      if a.isTrue || b.isTrue { return Cell(true) }
      return a.isNull || b.isNull ? .null : Cell(false)
    case .coalesce: return a.isNull ? b : a
    case .choice, .matches, .capture, .glob, .matchesGlob: return .null
    }
  }

  // MARK: Conditions

  /// Any number but 0 is true, and so is the text `true`.
  private static func truth(_ value: Cell) -> Cell {
    if value.isNull { return .null }
    if let number = value.number { return Cell(!number.isZero) }
    let text = value.text
    let isTrue =
      text.count == 4 && text[0] | 0x20 == UInt8(ascii: "t") && text[1] | 0x20 == UInt8(ascii: "r")
      && text[2] | 0x20 == UInt8(ascii: "u") && text[3] | 0x20 == UInt8(ascii: "e")
    return Cell(isTrue)
  }

  @inline(__always)
  private static func compared(_ a: Cell, _ b: Cell, _ test: (Int) -> Bool) -> Cell {
    a.isNull || b.isNull ? .null : Cell(test(Cell.order(a, b)))
  }

  private static func equalValues(_ a: Cell, _ b: Cell, _ arena: TextArena) -> Cell {
    if a.isNull || b.isNull { return .null }
    switch (a.number, b.number) {
    case (let x?, let y?): return Cell(order(x, y, a, b, arena) == 0)
    case (nil, nil): return Cell(a.text.compareBytes(with: b.text) == 0)
    // A number is never the same text as what is no number.
    default: return Cell(false)
    }
  }

  /// NULL for a stored number against text that is none, which have no order.
  private static func naturallyCompared(
    _ a: Cell, _ b: Cell, _ arena: TextArena, _ test: (Int) -> Bool
  ) -> Cell {
    if a.isNull || b.isNull { return .null }
    if let x = a.number, let y = b.number { return Cell(test(order(x, y, a, b, arena))) }
    guard a.kind == .text, b.kind == .text else { return .null }
    return Cell(test(a.text.compareBytes(with: b.text)))
  }

  /// The order of two values that are numbers, exact also beyond 64 bits.
  private static func order(
    _ x: NumericText.Number, _ y: NumericText.Number, _ a: Cell, _ b: Cell, _ arena: TextArena
  ) -> Int {
    let order = x.compare(with: y)
    guard order == 0, case .real(let real) = x, real.magnitude >= NumericText.wideMagnitude else {
      return order
    }
    return NumericText.order(ofWide: arena.text(of: a).text, arena.text(of: b).text)
  }

  /// Integers beyond 64 bits are among the texts.
  static func contains(
    _ operand: Cell, texts: [Cell], numbers: [NumericText.Number], _ arena: TextArena
  ) -> Cell {
    if operand.isNull { return .null }
    if operand.hasBytes,
      texts.contains(where: { $0.text.compareBytes(with: operand.text) == 0 })
    {
      return Cell(true)
    }
    guard let number = operand.number else { return Cell(false) }
    if case .real(let real) = number, real.magnitude >= NumericText.wideMagnitude {
      let shown = arena.text(of: operand).text
      let isListed = texts.contains { text in
        NumericText.isWide(text.text) && NumericText.number(text.text) == number
          && NumericText.order(ofWide: text.text, shown) == 0
      }
      if isListed { return Cell(true) }
    }
    return Cell(numbers.contains { $0.compare(with: number) == 0 })
  }

  private static func searched(
    _ a: Cell, _ b: Cell, _ arena: TextArena,
    _ test: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Cell {
    a.isNull || b.isNull ? .null : Cell(test(arena.text(of: a).text, arena.text(of: b).text))
  }

  /// SQLite's `GLOB`; the pattern ends with a zero.
  static func matchesGlob(_ a: Cell, _ pattern: [CChar], _ arena: TextArena) -> Cell {
    if a.isNull { return .null }
    var text = arena.text(of: a).text.map { CChar(bitPattern: $0) }
    text.append(0)
    return Cell(sqlite3_strglob(pattern, text) == 0)
  }

  // MARK: Arithmetic

  /// An overflow of integers gives a real number, as in SQLite.
  private static func sum(_ a: Cell, _ b: Cell, isDifference: Bool) -> Cell {
    guard let x = a.storedNumber, let y = b.storedNumber else { return .null }
    if case .integer(let i) = x, case .integer(let j) = y {
      let (result, isOverflow) =
        isDifference ? i.subtractingReportingOverflow(j) : i.addingReportingOverflow(j)
      if !isOverflow { return Cell(result) }
    }
    return Cell(isDifference ? x.real - y.real : x.real + y.real)
  }

  private static func product(_ a: Cell, _ b: Cell) -> Cell {
    guard let x = a.storedNumber, let y = b.storedNumber else { return .null }
    if case .integer(let i) = x, case .integer(let j) = y {
      let (result, isOverflow) = i.multipliedReportingOverflow(by: j)
      if !isOverflow { return Cell(result) }
    }
    return Cell(x.real * y.real)
  }

  private static func quotient(_ a: Cell, _ b: Cell) -> Cell {
    guard let x = a.storedNumber, let y = b.storedNumber, y.real != 0 else { return .null }
    return Cell(x.real / y.real)
  }

  private static func timeFloor(_ a: Cell, _ b: Cell) -> Cell {
    guard case .integer(let time)? = a.storedNumber, case .integer(let unit)? = b.storedNumber,
      unit > 0
    else { return .null }
    return Cell(time - time % unit)
  }
}
