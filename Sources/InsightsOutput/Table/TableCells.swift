internal import InsightsModel
internal import InsightsText

/// The header and rows of a table as printable text, with the width of each cell.
struct TableCells {
  struct Cell {
    var bytes: Range<Int>
    /// The width in terminal columns.
    var width: Int
  }

  /// The text of all cells, concatenated.
  private(set) var bytes: [UInt8] = []
  private(set) var header: [Cell] = []
  private(set) var rows: [[Cell]] = []
  private(set) var columns: [Column] = []
  /// The text of the header comes first.
  private var headerByteCount = 0
  private let timeZone: TimeZone

  struct Column {
    /// The width of the widest cell, including the header.
    var width: Int
    /// True for numbers.
    var isRightAligned: Bool
    /// False for numbers and times, which are never truncated.
    var isCuttable: Bool
    /// Whether a value contains a space; prose is truncated before ids and names.
    var isProse: Bool
    /// Whether every value is an id: hexadecimal digits and hyphens.
    ///
    /// A truncated id is useless for searching.
    var isIdentifier = true
    /// Whether most values have several lines.
    var isMultiline: Bool { multilineCount > valueCount / 2 }
    fileprivate var valueCount = 0
    fileprivate var multilineCount = 0
  }

  init(_ table: ResultTable, timeZone: TimeZone = .utc) {
    self.timeZone = timeZone
    header = table.columns.map { column in
      appendCell { $0.append(contentsOf: column.name.utf8) }
    }
    columns = zip(table.columns, header).map { column, cell in
      let isNumeric = column.type == .number || column.type == .boolean
      return Column(
        width: cell.width, isRightAligned: isNumeric || column.type.isFoundPerRow,
        isCuttable: false, isProse: false)
    }
    headerByteCount = bytes.count
    rows.reserveCapacity(table.rows.count)
    for row in table.rows { append(row, of: table.columns) }
    finishColumns(table.columns)
  }

  /// Adds a row below the others.
  mutating func append(_ row: [Value], of columns: [ResultColumn]) {
    rows.append(
      zip(columns, row).enumerated().map { index, cell in
        append(cell.1, of: cell.0, at: index)
      })
  }

  /// Sets the properties of columns that depend on all rows.
  mutating func finishColumns(_ resultColumns: [ResultColumn]) {
    // A column without values is left-aligned.
    for (index, column) in resultColumns.enumerated() where column.type.isFoundPerRow {
      if columns[index].valueCount == 0 { columns[index].isRightAligned = false }
    }
  }

  // MARK: Rows elsewhere

  /// Removes the rows and returns them in serialized form; the properties of columns remain.
  ///
  /// ```text
  /// number of rows, then for each cell: bytes of text, terminal columns; then the text of all cells
  /// ```
  /// Numbers are unsigned, of 32 bits, in the machine's byte order.
  mutating func takeRows() -> [UInt8] {
    let numbers =
      [UInt32(rows.count)]
      + rows.joined().flatMap { [UInt32($0.bytes.count), UInt32($0.width)] }
    let taken = numbers.withUnsafeBytes { Array($0) } + bytes[headerByteCount...]
    bytes.removeSubrange(headerByteCount...)
    rows.removeAll(keepingCapacity: true)
    return taken
  }

  /// Replaces the rows by the first batch in `taken`, which consists of results of `takeRows`.
  ///
  /// - Returns: the length of the batch in bytes; `nil` if `taken` does not contain all of it.
  mutating func putRows(_ taken: ArraySlice<UInt8>) -> Int? {
    func number(_ index: Int) -> Int? {
      let start = taken.startIndex + 4 * index
      guard start + 4 <= taken.endIndex else { return nil }
      return Int(
        taken.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self) })
    }
    guard let rowCount = number(0) else { return nil }
    let textStart = 4 * (1 + 2 * rowCount * columns.count)
    guard textStart <= taken.count else { return nil }
    var restored: [[Cell]] = []
    restored.reserveCapacity(rowCount)
    var end = headerByteCount
    var index = 1
    for _ in 0..<rowCount {
      var row: [Cell] = []
      row.reserveCapacity(columns.count)
      for _ in columns {
        guard let count = number(index), let width = number(index + 1) else { return nil }
        row.append(Cell(bytes: end..<end + count, width: width))
        end += count
        index += 2
      }
      restored.append(row)
    }
    let byteCount = textStart + end - headerByteCount
    guard byteCount <= taken.count else { return nil }
    rows = restored
    bytes.removeSubrange(headerByteCount...)
    bytes += taken.dropFirst(textStart).prefix(end - headerByteCount)
    return byteCount
  }

  private mutating func append(_ value: Value, of column: ResultColumn, at index: Int) -> Cell {
    let timeZone = timeZone
    let cell = appendCell { column.appendText(of: value, in: timeZone, to: &$0) }
    columns[index].width = max(columns[index].width, cell.width)
    if !cell.bytes.isEmpty { columns[index].valueCount += 1 }
    if case .text(let text) = value {
      columns[index].isRightAligned = false
      columns[index].isCuttable = true
      if !columns[index].isProse {
        columns[index].isProse = bytes[cell.bytes].contains(UInt8(ascii: " "))
      }
      if columns[index].isIdentifier {
        columns[index].isIdentifier = bytes[cell.bytes].allSatisfy(isIdentifierByte)
      }
      if PrintableText.isMultiline(text) { columns[index].multilineCount += 1 }
    }
    return cell
  }

  /// Whether a cell is truncated at the start because its end is more informative: paths, log
  /// groups and log streams, in ASCII.
  func keepsItsEnd(_ cell: Cell) -> Bool {
    let text = bytes[cell.bytes]
    guard text.count == cell.width, let slash = text.firstIndex(of: UInt8(ascii: "/")) else {
      return false
    }
    return text[..<slash].allSatisfy { byte in
      isIdentifierByte(byte)
        || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }
  }

  private func isIdentifierByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
  }

  private mutating func appendCell(_ appendText: (inout [UInt8]) -> Void) -> Cell {
    let start = bytes.count
    appendText(&bytes)
    PrintableText.makePrintable(from: start, in: &bytes)
    let range = start..<bytes.count
    let isASCII = bytes[range].allSatisfy { $0 < 0x80 }
    return Cell(
      bytes: range,
      width: isASCII ? range.count : DisplayWidth.columns(of: text(range)))
  }

  /// The text of a cell.
  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}

extension ValueType {
  /// Whether the type of the values may differ between rows.
  fileprivate var isFoundPerRow: Bool { self == .any || self == .element }
}
