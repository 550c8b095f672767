public import InsightsModel
internal import CSQLite

/// A prepared statement.
///
/// Parameters count from 1, columns from 0, as in SQLite.
public final class Statement {
  /// SQLite's type of a value in a row.
  public enum ColumnType: Sendable { case null, integer, real, text, blob }

  private let handle: OpaquePointer
  private let connection: Connection

  package init(handle: OpaquePointer, connection: Connection) {
    self.handle = handle
    self.connection = connection
  }

  deinit {
    sqlite3_finalize(handle)
  }

  // MARK: Binding

  /// Binds an integer; `nil` is NULL.
  public func bind(_ value: Int64?, at index: Int) {
    if let value {
      sqlite3_bind_int64(handle, Int32(index), value)
    } else {
      sqlite3_bind_null(handle, Int32(index))
    }
  }

  /// Binds a real number; `nil` is NULL.
  public func bind(_ value: Double?, at index: Int) {
    if let value {
      sqlite3_bind_double(handle, Int32(index), value)
    } else {
      sqlite3_bind_null(handle, Int32(index))
    }
  }

  /// Binds a copy of the text.
  public func bind(_ text: String?, at index: Int) {
    guard var text else {
      sqlite3_bind_null(handle, Int32(index))
      return
    }
    text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { chars in
        // An empty buffer may have no address, which SQLite would treat as NULL.
        if let start = chars.baseAddress {
          _ = insights_sqlite3_bind_text(handle, Int32(index), start, UInt64(chars.count))
        } else {
          _ = insights_sqlite3_bind_text(handle, Int32(index), "", 0)
        }
      }
    }
  }

  /// Binds text without copying it; `nil` is NULL, an empty buffer is the empty text.
  ///
  /// The bytes must stay in place until the statement is reset.
  public func bind(unownedText bytes: UnsafeBufferPointer<UInt8>?, at index: Int) {
    guard let bytes else {
      sqlite3_bind_null(handle, Int32(index))
      return
    }
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      _ = insights_sqlite3_bind_text(handle, Int32(index), "", 0)
      return
    }
    _ = insights_sqlite3_bind_text_static(
      handle, Int32(index), UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self),
      UInt64(bytes.count))
  }

  /// Binds a copy of some bytes.
  package func bind(blob: UnsafeRawBufferPointer, at index: Int) {
    _ = insights_sqlite3_bind_blob(handle, Int32(index), blob.baseAddress, UInt64(blob.count))
  }

  /// Binds bytes without copying them; they must stay in place until the statement is reset.
  public func bind(unownedBlob bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      sqlite3_bind_zeroblob(handle, Int32(index), 0)
      return
    }
    _ = insights_sqlite3_bind_blob_static(handle, Int32(index), start, UInt64(bytes.count))
  }

  /// Binds an object for a function of this program; SQL cannot access it.
  ///
  /// The object must live as long as the binding.
  package func bind(pointer object: AnyObject, as type: StaticString, at index: Int) {
    sqlite3_bind_pointer(
      handle, Int32(index), Unmanaged.passUnretained(object).toOpaque(),
      UnsafeRawPointer(type.utf8Start).assumingMemoryBound(to: CChar.self), nil)
  }

  // MARK: Running

  /// Advances to the next row; returns false at the end.
  public func step() throws(StoreError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let failure = connection.error(code, sql: String(cString: sqlite3_sql(handle)))
      sqlite3_reset(handle)
      throw failure
    }
  }

  /// Runs a statement without results, and resets it.
  public func run() throws(StoreError) {
    _ = try step()
    reset()
  }

  /// The same with bytes that are not copied, at the parameter `index`.
  package func run(binding blob: [UInt8], at index: Int) throws(StoreError) {
    let outcome = blob.withUnsafeBufferPointer { blob in
      Result { () throws(StoreError) in
        bind(unownedBlob: blob, at: index)
        try run()
      }
    }
    try outcome.get()
  }

  /// Makes the statement ready to run again; bindings are kept.
  public func reset() {
    sqlite3_reset(handle)
  }

  // MARK: Columns of the current row

  /// The number of columns.
  public var columnCount: Int { Int(sqlite3_column_count(handle)) }

  /// The names of the columns.
  public var columnNames: [String] {
    (0..<columnCount).map { index in
      sqlite3_column_name(handle, Int32(index)).map(String.init(cString:)) ?? ""
    }
  }

  /// Returns the type of a column's value in the current row.
  public func type(at index: Int) -> ColumnType {
    switch sqlite3_column_type(handle, Int32(index)) {
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    case SQLITE_TEXT: .text
    case SQLITE_BLOB: .blob
    default: .null
    }
  }

  /// Whether a column's value in the current row is NULL.
  public func isNull(at index: Int) -> Bool {
    sqlite3_column_type(handle, Int32(index)) == SQLITE_NULL
  }

  /// Returns a column's value as an integer; NULL is 0.
  public func integer(at index: Int) -> Int64 { sqlite3_column_int64(handle, Int32(index)) }

  /// Returns a column's value as an integer; `nil` for NULL.
  public func optionalInteger(at index: Int) -> Int64? {
    // One access to the column instead of two. SQLite allows it if no other thread uses the
    // connection.
    let value = sqlite3_column_value(handle, Int32(index))
    return sqlite3_value_type(value) == SQLITE_NULL ? nil : sqlite3_value_int64(value)
  }

  /// Returns a column's value as a real number; NULL is 0.
  public func real(at index: Int) -> Double { sqlite3_column_double(handle, Int32(index)) }

  /// Returns the bytes of a text or blob; valid until the next step, reset or other access to the
  /// column.
  public func bytes(at index: Int) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, Int32(index))
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(index))))
  }

  /// Returns the bytes of a blob; valid until the next step, reset or other access to the column.
  public func blob(at index: Int) -> UnsafeBufferPointer<UInt8> {
    let bytes = UnsafeRawBufferPointer(
      start: sqlite3_column_blob(handle, Int32(index)),
      count: Int(sqlite3_column_bytes(handle, Int32(index))))
    return bytes.bindMemory(to: UInt8.self)
  }

  /// Returns text as a `String`; invalid UTF-8 becomes U+FFFD.
  public func text(at index: Int) -> String {
    String(decoding: bytes(at: index), as: UTF8.self)
  }

  /// Returns text as a `String`; `nil` for NULL.
  public func optionalText(at index: Int) -> String? {
    isNull(at: index) ? nil : text(at: index)
  }
}
