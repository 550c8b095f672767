internal import CSQLite
internal import InsightsText

/// An argument of a call; valid during the call.
struct SQLValue {
  let handle: OpaquePointer?

  private var type: Int32 { handle == nil ? SQLITE_NULL : sqlite3_value_type(handle) }

  /// Whether there is no single value: NULL, or a map or a list, which functions of single values
  /// take for missing.
  var isNull: Bool { type == SQLITE_NULL || isStructure }

  /// Whether the value is a map or a list.
  var isStructure: Bool { type == SQLITE_BLOB && !isWide }

  /// Whether the value is an integer beyond 64 bits: a BLOB of its digits.
  var isWide: Bool {
    guard type == SQLITE_BLOB, sqlite3_value_bytes(handle) >= 19, let first = storedText.first
    else { return false }
    return first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10
  }

  /// Hands the JSON text of a map or a list to `body`; nil for any other value.
  ///
  /// Between the functions of one statement a map or a list is a BLOB of valid JSON: of the other
  /// values of the language only integers beyond 64 bits are one, and SQLite keeps the difference
  /// wherever it keeps the value.
  func withStructure<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result?) -> Result? {
    isStructure ? body(storedText) : nil
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

  /// The number, only where the value is stored as one.
  var storedNumber: NumericText.Number? {
    switch type {
    case SQLITE_INTEGER: .integer(sqlite3_value_int64(handle))
    case SQLITE_FLOAT: .real(sqlite3_value_double(handle))
    default: nil
    }
  }

  /// Hands the text that the language shows for the value to `body`; without a single value the
  /// text is empty.
  @inline(__always)
  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    // SQLite shows integers as the language does, but not real numbers.
    guard type == SQLITE_FLOAT else {
      return body(isStructure ? UnsafeBufferPointer(start: nil, count: 0) : storedText)
    }
    var shown: [UInt8] = []
    NumericText.append(sqlite3_value_double(handle), to: &shown)
    return shown.withUnsafeBufferPointer(body)
  }

  /// The bytes of text or a blob; an integer is turned into text.
  private var storedText: UnsafeBufferPointer<UInt8> {
    if type == SQLITE_BLOB, let start = sqlite3_value_blob(handle) {
      // Asking a blob for its text would turn the shared value into text.
      return UnsafeBufferPointer(
        start: start.assumingMemoryBound(to: UInt8.self), count: Int(sqlite3_value_bytes(handle)))
    }
    guard handle != nil, let start = sqlite3_value_text(handle) else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(handle)))
  }
}
