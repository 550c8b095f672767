/// A JSON value as a tree, for requests and replies.
///
/// Numbers keep their digits, objects the order of their members. Events are not read this way:
/// `JSONScanner` reads their JSON in place.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number as written, such as `1.50`.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

/// The members of a JSON object, in order.
public struct JSONObject: Hashable, Sendable {
  /// A member of an object.
  public struct Member: Hashable, Sendable {
    /// The key, with its escapes resolved.
    public var name: String
    /// The value of the member.
    public var value: JSONValue
  }

  /// The members, in order; names may repeat.
  public var members: [Member] = []

  /// Makes an empty object.
  public init() {}

  public var isEmpty: Bool { members.isEmpty }

  /// The value of a member; `nil` if it is missing or `null`.
  ///
  /// Of several members with the name the last counts. Setting a value replaces the member or
  /// appends it; setting `nil` removes it.
  public subscript(_ name: String) -> JSONValue? {
    get {
      let value = members.last { $0.name == name }?.value
      return value == .null ? nil : value
    }
    set {
      guard let newValue else { return members.removeAll { $0.name == name } }
      if let index = members.lastIndex(where: { $0.name == name }) {
        members[index].value = newValue
      } else {
        members.append(Member(name: name, value: newValue))
      }
    }
  }
}

extension JSONValue {
  /// An integer as a JSON number.
  public static func integer(_ number: some BinaryInteger) -> JSONValue { .number("\(number)") }

  /// A list of strings.
  public static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

  /// The value of a string; `nil` for any other kind.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The value of a boolean; `nil` for any other kind.
  public var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
  /// The elements of an array; `nil` for any other kind.
  public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The members of an object; `nil` for any other kind.
  public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// The value of an integral number, however written (`5`, `5.0` and `5e0` are 5); otherwise
  /// `nil`.
  public var integer: Int64? {
    guard case .number(let text) = self else { return nil }
    if let integer = Int64(text) { return integer }
    // Beyond 2⁵³ the nearest Double may differ from the number as written.
    guard let real = Double(text), real.magnitude <= 0x1p53 else { return nil }
    return Int64(exactly: real)
  }

  /// The value of a number; `nil` for any other kind.
  public var real: Double? {
    guard case .number(let text) = self else { return nil }
    return Double(text)
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral text: String) { self = .string(text) }
  public init(integerLiteral number: Int64) { self = .integer(number) }
  public init(booleanLiteral truth: Bool) { self = .bool(truth) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  public init(dictionaryLiteral members: (String, JSONValue)...) {
    var object = JSONObject()
    object.members = members.map { JSONObject.Member(name: $0, value: $1) }
    self = .object(object)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self.members = members.map { Member(name: $0, value: $1) }
  }
}

// MARK: Reading

/// Text is not valid JSON.
public struct JSONError: Error, Hashable, Sendable {
  /// Where the error is, in bytes from the start.
  public var offset: Int

  /// Makes an error at an offset.
  public init(offset: Int) {
    self.offset = offset
  }
}

extension JSONValue {
  /// Parses a text that consists of one value and white space.
  ///
  /// - Throws: `JSONError`, also for nesting deeper than `JSONScanner.depthLimit`.
  public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var cursor = JSONCursor(bytes: bytes, index: 0)
    cursor.skipWhitespace()
    guard let value = cursor.tree(depth: 0) else { throw JSONError(offset: cursor.index) }
    cursor.skipWhitespace()
    guard cursor.index == bytes.count else { throw JSONError(offset: cursor.index) }
    self = value
  }

  /// Parses a text that consists of one value and white space.
  ///
  /// - Throws: `JSONError`, also for nesting deeper than `JSONScanner.depthLimit`.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    let result = bytes.withUnsafeBufferPointer { bytes -> Result<JSONValue, JSONError> in
      do throws(JSONError) {
        return .success(try JSONValue(parsing: bytes))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }
}

extension JSONCursor {
  /// Parses the value that begins here into a tree; each byte is read once.
  fileprivate mutating func tree(depth: Int) -> JSONValue? {
    switch current {
    case UInt8(ascii: "\""): return string().map { .string(text($0)) }
    case UInt8(ascii: "{"): return depth < JSONScanner.depthLimit ? object(depth: depth) : nil
    case UInt8(ascii: "["): return depth < JSONScanner.depthLimit ? array(depth: depth) : nil
    default:
      let start = index
      switch scalar() {
      case .true: return .bool(true)
      case .false: return .bool(false)
      case .null: return .null
      case .number: return .number(String(decoding: bytes[start..<index], as: UTF8.self))
      default: return nil
      }
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    var object = JSONObject()
    index += 1
    skipWhitespace()
    if skip(UInt8(ascii: "}")) { return .object(object) }
    while true {
      guard let key = key() else { return nil }
      let name = text(key)
      guard let value = tree(depth: depth + 1) else { return nil }
      object.members.append(JSONObject.Member(name: name, value: value))
      skipWhitespace()
      if skip(UInt8(ascii: "}")) { return .object(object) }
      guard skip(UInt8(ascii: ",")) else { return nil }
      skipWhitespace()
    }
  }

  private mutating func array(depth: Int) -> JSONValue? {
    var elements: [JSONValue] = []
    index += 1
    skipWhitespace()
    if skip(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      guard let value = tree(depth: depth + 1) else { return nil }
      elements.append(value)
      skipWhitespace()
      if skip(UInt8(ascii: "]")) { return .array(elements) }
      guard skip(UInt8(ascii: ",")) else { return nil }
      skipWhitespace()
    }
  }

  private func text(_ range: Range<Int>) -> String {
    guard
      bytes.firstOffset(of: UInt8(ascii: "\\"), from: range.lowerBound, to: range.upperBound) != nil
    else { return String(decoding: bytes[range], as: UTF8.self) }
    var unescaped: [UInt8] = []
    JSONScanner.appendUnescaped(range, of: bytes, to: &unescaped)
    return String(decoding: unescaped, as: UTF8.self)
  }
}

// MARK: Writing

extension JSONValue {
  /// Appends the value without white space.
  public func append(to output: inout [UInt8]) {
    switch self {
    case .null: JSONWriter.appendNull(to: &output)
    case .bool(let truth): JSONWriter.append(truth, to: &output)
    case .number(let text): output.append(contentsOf: text.utf8)
    case .string(let text): JSONWriter.append(string: text, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        element.append(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      output.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSONWriter.append(string: member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.append(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// The JSON text without white space.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The JSON text without white space, as UTF-8.
  public var bytes: [UInt8] {
    var output: [UInt8] = []
    append(to: &output)
    return output
  }
}
