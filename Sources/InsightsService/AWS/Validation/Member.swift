internal import InsightsText

/// A member of a request, as the API's model declares it.
public struct Member: Sendable {
  /// The name.
  public var name: String
  /// The type and limits of the value.
  public var shape: Shape
  /// Whether it must be given.
  public var isRequired: Bool

  /// A required member.
  public static func required(_ name: String, _ shape: Shape) -> Member {
    Member(name: name, shape: shape, isRequired: true)
  }

  /// An optional member.
  public static func optional(_ name: String, _ shape: Shape) -> Member {
    Member(name: name, shape: shape, isRequired: false)
  }
}

/// The type of a value with its limits.
public indirect enum Shape: Sendable {
  case string(StringLimits)
  case integer(ClosedRange<Int64>?)
  case boolean
  case list(Shape, ClosedRange<Int>?)
  /// A map with string keys; both keys and values are checked.
  case map(StringLimits, StringLimits, ClosedRange<Int>?)
  case structure([Member])

  /// A string with a length in characters and a pattern that matches it as a whole, as written in
  /// the model.
  public static func string(
    _ length: ClosedRange<Int>? = nil, pattern: String? = nil
  ) -> Shape {
    .string(StringLimits(length: length, pattern: pattern.map { Pattern($0) }, values: nil))
  }

  /// A string out of a list.
  public static func string(values: [String]) -> Shape {
    .string(StringLimits(length: nil, pattern: nil, values: values))
  }

  /// Any integer.
  public static let integer = Shape.integer(nil)

  /// A list with a number of elements.
  public static func list(_ count: ClosedRange<Int>? = nil, of element: Shape) -> Shape {
    .list(element, count)
  }
}

/// The limits of a string.
public struct StringLimits: Sendable {
  public var length: ClosedRange<Int>?
  public var pattern: Pattern?
  public var values: [String]?
  /// The message for a string that is too long, if it is not the usual one.
  public var tooLong: String?

  public init(
    length: ClosedRange<Int>?, pattern: Pattern? = nil, values: [String]? = nil,
    tooLong: String? = nil
  ) {
    self.length = length
    self.pattern = pattern
    self.values = values
    self.tooLong = tooLong
  }
}

/// A pattern that must match a string as a whole.
public struct Pattern: Sendable {
  /// The pattern as written in the model, and as messages show it.
  public let text: String
  private let expression: RegularExpression?

  /// Compiles a pattern; `suffix` matches a tail that the model does not mention.
  public init(_ text: String, suffix: String = "") {
    self.text = text
    // The patterns are constants of this program, and a test compiles each.
    expression = try? RegularExpression(pattern: "\\A(?:\(text))\(suffix)\\z")
  }

  fileprivate var isValid: Bool { expression != nil }

  func matches(_ string: String) -> Bool {
    guard let expression else { return false }
    let bytes = Array(string.utf8)
    return bytes.withUnsafeBufferPointer {
      if case .match = expression.matches($0, using: RegularExpressionMatcher()) {
        true
      } else {
        false
      }
    }
  }
}

extension Shape {
  /// Whether all patterns in it are valid.
  public var isValid: Bool {
    switch self {
    case .string(let limits): limits.pattern?.isValid ?? true
    case .integer, .boolean: true
    case .list(let element, _): element.isValid
    case .map(let keys, let values, _): [keys, values].allSatisfy { $0.pattern?.isValid ?? true }
    case .structure(let members): members.allSatisfy { $0.shape.isValid }
    }
  }
}

// MARK: What many operations take

extension Shape {
  public static let logGroupName = name(pattern: #"[\.\-_/#A-Za-z0-9]+"#)
  public static let logStreamName = name(pattern: "[^:*]*")

  private static func name(pattern: String) -> Shape {
    .string(
      StringLimits(
        length: 1...512, pattern: Pattern(pattern),
        tooLong:
          "Invalid LogGroup or LogStream, both must have length less than or equal to 512."))
  }

  /// A name or an ARN of a log group; listings return ARNs with `:*` at the end.
  public static let logGroupIdentifier = Shape.string(
    StringLimits(length: 1...2048, pattern: Pattern(#"[\w#+=/:,.@-]*"#, suffix: #"\*?"#)))
  /// A page token.
  public static let nextToken = Shape.string(1...4096)
  /// The languages of queries.
  public static let queryLanguage = Shape.string(values: ["CWLI", "SQL", "PPL"])
  /// Account ids of twelve digits.
  public static let accountIdentifiers = Shape.list(
    0...20, of: .string(12...12, pattern: #"\d{12}"#))
  /// The classes of log groups.
  public static let logGroupClass = Shape.string(
    values: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"])
  /// Epoch milliseconds.
  public static let timestamp = Shape.integer(0...Int64.max)
}
