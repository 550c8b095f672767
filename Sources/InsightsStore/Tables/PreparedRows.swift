internal import InsightsSegments
internal import InsightsModel
internal import CSQLite

/// Rows for a table, built value by value on any thread.
///
/// The values of a row are appended in the order of the table's columns, followed by `endRow`.
struct PreparedRows: Sendable {
  /// The kind of a value, in four bits.
  private enum Kind {
    static let null: UInt64 = 0
    static let integer: UInt64 = 1
    static let real: UInt64 = 2
    static let text: UInt64 = 3
    static let blob: UInt64 = 4
  }

  /// The maximum number of columns.
  static let columnLimit = 16

  private let columnCount: Int
  private(set) var count = 0
  /// The kinds of a row's values, the first in the lowest bits.
  private var kinds: [UInt64] = []
  /// Integers, the bits of reals, and the location of texts and blobs: the offset in `bytes` in the
  /// upper half, the length in the lower.
  private var values: [Int64] = []
  private(set) var bytes: [UInt8] = []
  private var rowKinds: UInt64 = 0
  private var rowValueCount = 0

  init(columnCount: Int) {
    self.columnCount = min(columnCount, PreparedRows.columnLimit)
  }

  mutating func reserve(rowCount: Int) {
    kinds.reserveCapacity(rowCount)
    values.reserveCapacity(rowCount * columnCount)
  }

  // MARK: Values

  mutating func append(_ value: Int64?) {
    if let value { append(value, Kind.integer) } else { append(0, Kind.null) }
  }

  mutating func append(_ value: Double?) {
    if let value {
      append(Int64(bitPattern: value.bitPattern), Kind.real)
    } else {
      append(0, Kind.null)
    }
  }

  mutating func append(_ text: String?) {
    guard var text else { return append(0, Kind.null) }
    text.withUTF8 { append(bytes: $0, Kind.text) }
  }

  /// Appends an id in its stored form: sixteen bytes, or the text if it is not a UUID.
  mutating func append(_ id: RequestID?) {
    guard let id else { return append(0, Kind.null) }
    if let text = id.text { return append(text) }
    withUnsafeBytes(of: (id.uuid.high.bigEndian, id.uuid.low.bigEndian)) {
      append(bytes: $0.bindMemory(to: UInt8.self), Kind.blob)
    }
  }

  private mutating func append(bytes text: UnsafeBufferPointer<UInt8>, _ kind: UInt64) {
    let start = bytes.count
    bytes.append(contentsOf: text)
    append(from: start, kind)
  }

  /// Appends the end of `bytes`, from `start`, as a value.
  private mutating func append(from start: Int, _ kind: UInt64) {
    // Offsets have 31 bits; a batch is inserted long before it has that much text.
    guard let offset = Int32(exactly: start), let length = UInt32(exactly: bytes.count - start)
    else { return append(0, Kind.null) }
    append(Int64(offset) << 32 | Int64(length), kind)
  }

  private mutating func append(_ value: Int64, _ kind: UInt64) {
    guard rowValueCount < columnCount else { return }
    values.append(value)
    rowKinds |= kind << UInt64(4 * rowValueCount)
    rowValueCount += 1
  }

  mutating func endRow() {
    while rowValueCount < columnCount { append(0, Kind.null) }
    kinds.append(rowKinds)
    rowKinds = 0
    rowValueCount = 0
    count += 1
  }

  /// Replaces a value that was missing, or an integer.
  mutating func set(_ number: Int64, ofRow row: Int, column: Int) {
    values[row * columnCount + column] = number
    kinds[row] |= Kind.integer << UInt64(4 * column)
  }

  // MARK: Rows for SQLite

  /// The location of some rows' values during insertion.
  struct View {
    fileprivate var columnCount = 0
    fileprivate var kinds = UnsafeBufferPointer<UInt64>(start: nil, count: 0)
    fileprivate var values = UnsafeBufferPointer<Int64>(start: nil, count: 0)
    fileprivate var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private(set) var rows = 0..<0
    /// The number that is added to the integers of the first column.
    private var offset: Int64 = 0

    /// No rows.
    init() {}

    fileprivate init(
      _ batch: PreparedRows, rows: Range<Int>, offset: Int64, _ kinds: UnsafeBufferPointer<UInt64>,
      _ values: UnsafeBufferPointer<Int64>, _ bytes: UnsafeBufferPointer<UInt8>
    ) {
      columnCount = batch.columnCount
      self.kinds = kinds
      self.values = values
      self.bytes = bytes
      self.rows = rows.clamped(to: 0..<batch.count)
      self.offset = offset
    }

    /// Passes a value to SQLite; texts and blobs are not copied.
    func setResult(row: Int, column: Int, to context: OpaquePointer?) {
      guard rows.contains(row), column >= 0, column < columnCount else { return }
      let value = values[row * columnCount + column]
      switch kinds[row] >> UInt64(4 * column) & 15 {
      case Kind.integer:
        sqlite3_result_int64(context, column == 0 ? value &+ offset : value)
      case Kind.real:
        sqlite3_result_double(context, Double(bitPattern: UInt64(bitPattern: value)))
      case Kind.text:
        let text = bytes(at: value)
        // Without an address SQLite would treat it as NULL.
        guard let start = text.baseAddress else {
          return insights_sqlite3_result_text_static(context, "", 0)
        }
        insights_sqlite3_result_text_static(
          context, UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self),
          UInt64(text.count))
      case Kind.blob:
        let blob = bytes(at: value)
        insights_sqlite3_result_blob_static(context, blob.baseAddress, UInt64(blob.count))
      default: break
      }
    }

    private func bytes(at place: Int64) -> UnsafeBufferPointer<UInt8> {
      let start = Int(truncatingIfNeeded: place >> 32)
      let count = Int(truncatingIfNeeded: place & 0xFFFF_FFFF)
      return UnsafeBufferPointer(rebasing: bytes[start..<start + count])
    }
  }

  /// Calls `body` with some of the rows; the view is valid during the call.
  ///
  /// `offset` is added to the integers of the first column.
  func withView<Result>(
    of rows: Range<Int>, offset: Int64 = 0, body: (View) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let outcome = kinds.withUnsafeBufferPointer { kinds in
      values.withUnsafeBufferPointer { values in
        bytes.withUnsafeBufferPointer { bytes in
          Swift.Result { () throws(StoreError) in
            try body(View(self, rows: rows, offset: offset, kinds, values, bytes))
          }
        }
      }
    }
    return try outcome.get()
  }
}
