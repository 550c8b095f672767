/// The members of a JSON object, one after the other; each value is checked to its end.
public struct JSONMembers {
  /// A key (its bytes between the quotes, escapes as written) and its value.
  public typealias Member = (key: Range<Int>, value: JSONScanner.Value)

  private var cursor: JSONCursor
  private var isFirst = true
  /// The offset after the closing brace, once `next` has returned `nil` and the object was whole.
  public private(set) var end: Int?

  /// The members of the object whose brace is at `start`; none when there is no brace.
  public init(of bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) {
    let isObject = start >= 0 && start < bytes.count && bytes[start] == UInt8(ascii: "{")
    cursor = JSONCursor(bytes: bytes, index: isObject ? start + 1 : bytes.count)
  }

  /// The next member; `nil` at the end of the object and where the text is no JSON.
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

/// The elements of a JSON array, one after the other; each is checked to its end.
public struct JSONElements {
  private var cursor: JSONCursor
  private var isFirst = true
  /// The offset after the closing bracket, once `next` has returned `nil` and the array was whole.
  public private(set) var end: Int?

  /// The elements of the array whose bracket is at `start`; none when there is no bracket.
  public init(of bytes: UnsafeBufferPointer<UInt8>, arrayAt start: Int) {
    let isArray = start >= 0 && start < bytes.count && bytes[start] == UInt8(ascii: "[")
    cursor = JSONCursor(bytes: bytes, index: isArray ? start + 1 : bytes.count)
  }

  /// The next element; `nil` at the end of the array and where the text is no JSON.
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
