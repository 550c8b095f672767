/// Iterates over the members of a JSON object; each value is validated.
public struct JSONMembers {
  /// A key (the range between its quotes, escapes as written) and its value.
  public typealias Member = (key: Range<Int>, value: JSONScanner.Value)

  private var cursor: JSONCursor
  private var isFirst = true
  /// The offset after the closing brace; set when `next` has returned `nil` and the object was
  /// complete.
  public private(set) var end: Int?

  /// Iterates over the members of the object whose brace is at `start`; there are none if there is
  /// no brace.
  public init(of bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) {
    let isObject = start >= 0 && start < bytes.count && bytes[start] == UInt8(ascii: "{")
    cursor = JSONCursor(bytes: bytes, index: isObject ? start + 1 : bytes.count)
  }

  /// Returns the next member; `nil` at the end of the object and at invalid JSON.
  public mutating func next() -> Member? {
    cursor.skipWhitespace()
    if cursor.skip(UInt8(ascii: "}")) {
      end = cursor.index
      return nil
    }
    if !isFirst {
      guard cursor.skip(UInt8(ascii: ",")) else { return nil }
      cursor.skipWhitespace()
    }
    isFirst = false
    guard let key = cursor.key(), let value = cursor.value(depth: 0) else { return nil }
    return (key, value)
  }
}

/// Iterates over the elements of a JSON array; each element is validated.
public struct JSONElements {
  private var cursor: JSONCursor
  private var isFirst = true
  /// The offset after the closing bracket; set when `next` has returned `nil` and the array was
  /// complete.
  public private(set) var end: Int?

  /// Iterates over the elements of the array whose bracket is at `start`; there are none if there
  /// is no bracket.
  public init(of bytes: UnsafeBufferPointer<UInt8>, arrayAt start: Int) {
    let isArray = start >= 0 && start < bytes.count && bytes[start] == UInt8(ascii: "[")
    cursor = JSONCursor(bytes: bytes, index: isArray ? start + 1 : bytes.count)
  }

  /// Returns the next element; `nil` at the end of the array and at invalid JSON.
  public mutating func next() -> JSONScanner.Value? {
    cursor.skipWhitespace()
    if cursor.skip(UInt8(ascii: "]")) {
      end = cursor.index
      return nil
    }
    if !isFirst {
      guard cursor.skip(UInt8(ascii: ",")) else { return nil }
      cursor.skipWhitespace()
    }
    isFirst = false
    return cursor.value(depth: 0)
  }
}
