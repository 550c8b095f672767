public import InsightsModel
internal import InsightsStore
public import InsightsThreads

/// The value of a `{name:Type}` in a statement.
public enum ClickHouseParameter: Sendable {
  case text(String)
  case integer(Int64)
  /// A value of type `UInt64`.
  case unsignedInteger(UInt64)
  /// A value of type `Array(String)`.
  case texts([String])
  /// A value of type `Array(Int64)`.
  case integers([Int64])
  /// A value of type `Array(UInt64)`.
  case unsigned([UInt64])

  /// The text that the server parses, before it is escaped for the request.
  ///
  /// In an array, a single quote is doubled; a backslash escapes only what the request escapes
  /// anyway.
  var value: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .unsignedInteger(let integer): String(integer)
    case .texts(let texts): Self.list(texts.map { "'\(Self.quoted($0))'" })
    case .integers(let integers): Self.list(integers.map(String.init))
    case .unsigned(let integers): Self.list(integers.map(String.init))
    }
  }

  private static func list(_ elements: [String]) -> String {
    "[\(elements.joined(separator: ","))]"
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "'")) else { return text }
    return text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
  }
}

/// Iterates over the rows of a reply.
///
/// Not thread-safe.
public final class ClickHouseRows {
  /// A row, whose values remain valid.
  public struct Row {
    fileprivate let values: [RowBinaryReader.Value]
    /// The texts of the row, concatenated.
    fileprivate let texts: [UInt8]
    fileprivate let ranges: [Range<Int>]

    public func isNull(_ column: Int) -> Bool { values[column] == .null }

    /// Returns the integer in a column; 0 if it is missing.
    public func integer(_ column: Int) -> Int64 {
      switch values[column] {
      case .integer(let integer): integer
      case .unsigned(let bits): Int64(bitPattern: bits)
      default: 0
      }
    }

    /// Returns the bits of an unsigned integer.
    public func bits(_ column: Int) -> UInt64 { UInt64(bitPattern: integer(column)) }

    public func optionalInteger(_ column: Int) -> Int64? {
      isNull(column) ? nil : integer(column)
    }

    public func optionalReal(_ column: Int) -> Double? {
      switch values[column] {
      case .real(let real): real
      case .integer(let integer): Double(integer)
      default: nil
      }
    }

    public func bytes(_ column: Int) -> ArraySlice<UInt8> { texts[ranges[column]] }

    public func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

    public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    /// Returns the text in a column in which the empty text means a missing one.
    public func name(_ column: Int) -> String? {
      ranges[column].isEmpty ? nil : text(column)
    }
  }

  private let reader: RowBinaryReader

  init(_ answer: ClickHouseAnswer) throws(StoreError) {
    reader = try RowBinaryReader(answer)
  }

  /// Returns the next row; `nil` at the end.
  ///
  /// - Throws: `StoreError.remote`, `.interrupted`, `.timedOut`.
  public func next() throws(StoreError) -> Row? {
    guard try reader.hasRow() else { return nil }
    var values: [RowBinaryReader.Value] = []
    var texts: [UInt8] = []
    var ranges: [Range<Int>] = []
    values.reserveCapacity(reader.names.count)
    ranges.reserveCapacity(reader.names.count)
    for column in reader.names.indices {
      let value = try reader.value(ofColumn: column)
      let start = texts.count
      if case .text(let range) = value { texts += reader.buffer[range] }
      values.append(value)
      ranges.append(start..<texts.count)
    }
    return Row(values: values, texts: texts, ranges: ranges)
  }
}

extension ClickHouseClient {
  /// Runs a query and returns its rows.
  ///
  /// - Throws: `StoreError.remote`, `.interrupted`, `.timedOut`.
  public func rows(
    _ sql: String, parameters: [String: ClickHouseParameter] = [:],
    settings: [String: String] = [:], cancellation: Cancellation
  ) throws(StoreError) -> ClickHouseRows {
    try ClickHouseRows(
      query(
        sql, parameters: parameters.mapValues(\.value), settings: settings,
        cancellation: cancellation))
  }

  /// Runs a statement that returns at most one row; `nil` if it returns none.
  ///
  /// - Throws: the same errors as reading rows.
  public func row(
    _ sql: String, parameters: [String: ClickHouseParameter] = [:],
    settings: [String: String] = [:], cancellation: Cancellation
  ) throws(StoreError) -> ClickHouseRows.Row? {
    let rows = try rows(
      sql, parameters: parameters, settings: settings, cancellation: cancellation)
    let first = try rows.next()
    // If a reply is not read to its end, the query must be cancelled on the server by another
    // request.
    while try rows.next() != nil {}
    return first
  }

  /// Runs a statement that returns no rows.
  ///
  /// - Throws: `StoreError`, as for rows.
  public func execute(
    _ sql: String, parameters: [String: ClickHouseParameter], settings: [String: String] = [:],
    cancellation: Cancellation
  ) throws(StoreError) {
    try execute(
      sql, parameters: parameters.mapValues(\.value), settings: settings,
      cancellation: cancellation)
  }
}
