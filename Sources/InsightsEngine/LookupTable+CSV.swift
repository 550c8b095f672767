public import InsightsModel
internal import InsightsText

extension LookupTable {
  /// A CSV text is malformed.
  public struct CSVError: Error {
    /// The line, from 1.
    public var line: Int
    /// A lower-case phrase.
    public var reason: String
  }

  /// The maximum number of columns; SQL's own limit is slightly higher.
  private static let columnLimit = 1000

  /// Parses CSV text (RFC 4180) whose first row contains the column names.
  ///
  /// - Throws: `CSVError`.
  public init(csv bytes: [UInt8], name: String) throws(CSVError) {
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let rows = try Self.rows(of: isMarked ? Array(bytes.dropFirst(3)) : bytes)
    guard let header = rows.first else {
      throw CSVError(line: 1, reason: "there is no row with the names of the columns")
    }
    try Self.check(header.cells)
    for row in rows where row.cells.count != header.cells.count {
      throw CSVError(
        line: row.line,
        reason: "row has \(row.cells.count) fields, the first one has \(header.cells.count)")
    }
    self.init(name: name, columns: header.cells, rows: rows.dropFirst().map(\.cells))
  }

  private static func check(_ header: [String]) throws(CSVError) {
    var names: Set<String> = [rowColumn]
    guard header.count <= columnLimit else {
      throw CSVError(line: 1, reason: "there are more than \(columnLimit) columns")
    }
    for (index, name) in header.enumerated() {
      guard !name.isEmpty, !name.unicodeScalars.contains("\0") else {
        throw CSVError(line: 1, reason: "column \(index + 1) has no name")
      }
      guard names.insert(name.lowercased()).inserted else {
        throw CSVError(line: 1, reason: "a second column is called '\(name)'")
      }
    }
  }

  /// Returns every non-empty row, with the line on which it begins.
  private static func rows(
    of bytes: [UInt8]
  ) throws(CSVError) -> [(line: Int, cells: [String])] {
    let result = bytes.withUnsafeBufferPointer {
      text -> Result<[(line: Int, cells: [String])], CSVError> in
      var rows: [(line: Int, cells: [String])] = []
      var cells: [String] = []
      var line = 1
      var rowLine = 1
      var counted = 0
      var scanner = CSVScanner(text)
      var cell: [UInt8] = []
      while let field = scanner.next() {
        let start = field.range.lowerBound
        line += text[counted..<start].count { $0 == UInt8(ascii: "\n") }
        counted = start
        if cells.isEmpty { rowLine = line }
        if field.isQuoted, field.range.upperBound == text.count {
          return .failure(CSVError(line: line, reason: "a quote is never closed"))
        }
        cell.removeAll(keepingCapacity: true)
        CSVScanner.append(field, of: text, to: &cell)
        guard let string = String(validating: cell, as: UTF8.self) else {
          return .failure(CSVError(line: line, reason: "text is not UTF-8"))
        }
        cells.append(string)
        guard field.isLastOfRow else { continue }
        let isBlank = cells.count == 1 && string.isEmpty && !field.isQuoted
        if !isBlank { rows.append((rowLine, cells)) }
        cells = []
      }
      return .success(rows)
    }
    return try result.get()
  }
}
