internal import CSQLite
internal import InsightsText

/// An argument of a call; valid during the call.
package struct SQLValue {
  let handle: OpaquePointer?

  package init(handle: OpaquePointer?) {
    self.handle = handle
  }

  private var type: Int32 { handle == nil ? SQLITE_NULL : sqlite3_value_type(handle) }

  /// Whether there is no single value: NULL, or a map or a list, which functions of single values
  /// treat as missing.
  var isNull: Bool { type == SQLITE_NULL || isStructure }

  /// Whether the value is a map or a list.
  var isStructure: Bool { type == SQLITE_BLOB && !isWide }

  /// Whether the value is an integer beyond 64 bits: a BLOB of its digits.
  var isWide: Bool {
    guard type == SQLITE_BLOB, sqlite3_value_bytes(handle) >= 19, let first = storedText.first
    else { return false }
    return first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10
  }

  /// Calls `body` with the JSON text of a map or a list; `nil` for any other value.
  ///
  /// Between the functions of a statement a map or a list is a BLOB of valid JSON. Of the other
  /// values only integers beyond 64 bits are BLOBs, and SQLite preserves the difference.
  func withStructure<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result?) -> Result? {
    isStructure ? body(storedText) : nil
  }

  /// The object that was bound as a pointer of this type.
  package func object<Object: AnyObject>(_: Object.Type, as type: StaticString) -> Object? {
    sqlite3_value_pointer(
      handle, UnsafeRawPointer(type.utf8Start).assumingMemoryBound(to: CChar.self)
    ).map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The number that the language sees: a number, or text that is only a number.
  var number: NumericText.Number? {
    switch type {
    case SQLITE_INTEGER: .integer(sqlite3_value_int64(handle))
    case SQLITE_FLOAT: .real(sqlite3_value_double(handle))
    case SQLITE_TEXT: NumericText.number(storedText)
    case SQLITE_BLOB where isWide: NumericText.number(storedText)
    default: nil
    }
  }

  /// The number, if the value is stored as one.
  var storedNumber: NumericText.Number? {
    switch type {
    case SQLITE_INTEGER: .integer(sqlite3_value_int64(handle))
    case SQLITE_FLOAT: .real(sqlite3_value_double(handle))
    default: nil
    }
  }

  /// Calls `body` with the text that the language shows for the value; empty without a single
  /// value.
  @inline(__always)
  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    // SQLite formats integers like the language, but not real numbers.
    guard type == SQLITE_FLOAT else {
      return body(isStructure ? UnsafeBufferPointer(start: nil, count: 0) : storedText)
    }
    var shown: [UInt8] = []
    NumericText.append(sqlite3_value_double(handle), to: &shown)
    return shown.withUnsafeBufferPointer(body)
  }

  /// The bytes of text or a blob; an integer is converted to text.
  private var storedText: UnsafeBufferPointer<UInt8> {
    if type == SQLITE_BLOB, let start = sqlite3_value_blob(handle) {
      // Reading a blob as text would convert the shared value to text.
      return UnsafeBufferPointer(
        start: start.assumingMemoryBound(to: UInt8.self), count: Int(sqlite3_value_bytes(handle)))
    }
    guard handle != nil, let start = sqlite3_value_text(handle) else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(handle)))
  }
}
