/// The values of one expression for the selected events of a segment, in their order.
package enum CellVector {
  case constant(Cell)
  /// The value of an event is `values[codes[i]]`; every code is a valid index.
  case dictionary(codes: [UInt16], values: [Cell])
  case cells([Cell])

  package func cell(at index: Int) -> Cell {
    switch self {
    case .constant(let cell): cell
    case .dictionary(let codes, let values): values[Int(codes[index])]
    case .cells(let cells): cells[index]
    }
  }

  /// Returns the individual values.
  func expanded(count: Int) -> [Cell] {
    switch self {
    case .constant(let cell): Array(repeating: cell, count: count)
    case .dictionary(let codes, let values): codes.map { values[Int($0)] }
    case .cells(let cells): cells
    }
  }

  /// Whether some value is a text.
  var hasTexts: Bool {
    switch self {
    case .constant(let cell): cell.hasBytes
    case .dictionary(_, let values): values.contains { $0.hasBytes }
    case .cells(let cells): cells.contains { $0.hasBytes }
    }
  }

  /// Returns the indexes of missing values, ascending.
  func missingIndexes(count: Int) -> [Int] {
    if case .constant(let cell) = self { return cell.isNull ? Array(0..<count) : [] }
    var missing: [Int] = []
    forEach(count: count) { index, cell in
      if cell.isNull { missing.append(index) }
    }
    return missing
  }

  /// Calls `body` with the index and the value of each of the first `count` events.
  @inline(__always)
  func forEach(count: Int, _ body: (Int, Cell) throws -> Void) rethrows {
    switch self {
    case .constant(let cell):
      for index in 0..<count { try body(index, cell) }
    case .dictionary(let codes, let values):
      for index in 0..<min(count, codes.count) { try body(index, values[Int(codes[index])]) }
    case .cells(let cells):
      for index in 0..<min(count, cells.count) { try body(index, cells[index]) }
    }
  }

  /// Returns the values of some events, from a vector of all.
  func gathered(by selection: Selection) -> CellVector {
    guard let rows = selection.rows else { return self }
    switch self {
    case .constant: return self
    case .dictionary(let codes, let values):
      return .dictionary(codes: rows.map { codes[Int($0)] }, values: values)
    case .cells(let cells): return .cells(rows.map { cells[Int($0)] })
    }
  }

  /// Applies a function, once for each entry of a dictionary.
  func map(_ transform: (Cell) throws -> Cell) rethrows -> CellVector {
    switch self {
    case .constant(let cell): return .constant(try transform(cell))
    case .dictionary(let codes, let values):
      // The dictionary of a whole segment may be larger than the selection.
      guard values.count <= codes.count else {
        return .cells(try codes.map { try transform(values[Int($0)]) })
      }
      return .dictionary(codes: codes, values: try values.map(transform))
    case .cells(let cells): return .cells(try cells.map(transform))
    }
  }
}

/// The events of a segment that are still selected, ascending.
package struct Selection {
  /// Their numbers in the segment; `nil` for all.
  var rows: [UInt16]?
  var count: Int

  /// All events of a segment.
  init(all count: Int) {
    rows = nil
    self.count = count
  }

  init(rows: [UInt16]) {
    self.rows = rows
    count = rows.count
  }

  var isEmpty: Bool { count == 0 }

  /// Returns the number in the segment of an event.
  @inline(__always)
  func row(_ index: Int) -> Int { rows.map { Int($0[index]) } ?? index }

  /// Returns the selected events for which the vector, aligned with the selection, is true.
  func narrowed(by truth: CellVector) -> Selection {
    switch truth {
    case .constant(let cell): return cell.isTrue ? self : Selection(rows: [])
    case .dictionary(let codes, let values):
      let isKept = values.map(\.isTrue)
      if !isKept.contains(true) { return Selection(rows: []) }
      return codes.withUnsafeBufferPointer { codes in
        isKept.withUnsafeBufferPointer { isKept in filtered { isKept[Int(codes[$0])] } }
      }
    case .cells(let cells): return filtered { cells[$0].isTrue }
    }
  }

  /// Returns the events for which `isKept` returns true; its argument is the index in the
  /// selection.
  @inline(__always)
  func filtered(_ isKept: (Int) -> Bool) -> Selection {
    let kept = [UInt16](unsafeUninitializedCapacity: count) { buffer, keptCount in
      if let rows {
        for index in 0..<count {
          buffer[keptCount] = rows[index]
          keptCount &+= isKept(index) ? 1 : 0
        }
      } else {
        for index in 0..<count {
          buffer[keptCount] = UInt16(truncatingIfNeeded: index)
          keptCount &+= isKept(index) ? 1 : 0
        }
      }
    }
    return kept.count == count ? self : Selection(rows: kept)
  }
}
