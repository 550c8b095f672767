internal import InsightsText

/// Validates a request against the declaration of its operation, with AWS's messages.
struct Validator {
  /// The maximum number of violations per message; a list may have many.
  private static let violationLimit = 20
  /// The maximum number of characters of a value in a message.
  private static let valueLimit = 1000

  private var violations: [String] = []
  /// A message that replaces the list of violations.
  private var sentence: String?

  /// Validates a request.
  ///
  /// - Throws: `AWSError`: `SerializationException` for a member of the wrong type, the operation's
  ///   own code for violated limits.
  static func check(
    _ input: JSONObject, against members: [Member], code: String
  ) throws(AWSError) {
    var validator = Validator()
    try validator.check(input, against: members, at: "")
    if let sentence = validator.sentence { throw AWSError(code, sentence) }
    let violations = validator.violations
    guard !violations.isEmpty else { return }
    let count = "\(violations.count) validation error\(violations.count == 1 ? "" : "s") detected"
    throw AWSError(
      code, "\(count): \(violations.joined(separator: "; "))")
  }

  private mutating func check(
    _ input: JSONObject, against members: [Member], at path: String
  ) throws(AWSError) {
    for member in members {
      let place = path.isEmpty ? member.name : "\(path).member.\(member.name)"
      if let value = input[member.name] {
        try check(value, as: member.shape, at: place)
      } else if member.isRequired, violations.count < Self.violationLimit {
        violations.append(
          "Value null at '\(place)' failed to satisfy constraint: Member must not be null")
      }
    }
  }

  private mutating func check(
    _ value: JSONValue, as shape: Shape, at place: String
  ) throws(AWSError) {
    switch (shape, value) {
    case (.string(let limits), .string(let text)): check(text, limits, at: place)
    case (.integer(let range), .number):
      guard let number = value.integer else { throw Self.mismatch(value, "a Long", place) }
      if let range { check(number, range, at: place) }
    case (.boolean, .bool): return
    case (.list(let element, let count), .array(let elements)):
      if let count {
        let shown = elements.map { $0.string ?? $0.text }.joined(separator: ", ")
        check(elements.count, count, of: "[\(shown)]", at: place)
      }
      for (index, value) in elements.enumerated() {
        try check(value, as: element, at: "\(place).\(index + 1)")
      }
    case (.map(let keys, let values, let count), .object(let object)):
      if let count { check(object.members.count, count, of: value.text, at: place) }
      for member in object.members {
        guard case .string(let text) = member.value else {
          throw Self.mismatch(member.value, "a String", "\(place).\(member.name)")
        }
        check(member.name, keys, at: "\(place).key")
        check(text, values, at: "\(place).value")
      }
    case (.structure(let members), .object(let object)):
      try check(object, against: members, at: place)
    default: throw Self.mismatch(value, shape.typeName, place)
    }
  }

  private mutating func check(_ text: String, _ limits: StringLimits, at place: String) {
    let count = text.unicodeScalars.count
    if let length = limits.length, count > length.upperBound {
      sentence = sentence ?? limits.tooLong
      violate(text, at: place, "have length less than or equal to \(length.upperBound)")
    }
    if let length = limits.length, count < length.lowerBound {
      violate(text, at: place, "have length greater than or equal to \(length.lowerBound)")
    }
    if let pattern = limits.pattern, !pattern.matches(text) {
      violate(text, at: place, "satisfy regular expression pattern: \(pattern.text)")
    }
    if let values = limits.values, !values.contains(text) {
      violate(text, at: place, "satisfy enum value set: [\(values.joined(separator: ", "))]")
    }
  }

  private mutating func check(_ number: Int64, _ range: ClosedRange<Int64>, at place: String) {
    if number > range.upperBound {
      violate("\(number)", at: place, "have value less than or equal to \(range.upperBound)")
    } else if number < range.lowerBound {
      violate("\(number)", at: place, "have value greater than or equal to \(range.lowerBound)")
    }
  }

  private mutating func check(
    _ count: Int, _ range: ClosedRange<Int>, of value: @autoclosure () -> String, at place: String
  ) {
    if count > range.upperBound {
      violate(value(), at: place, "have length less than or equal to \(range.upperBound)")
    } else if count < range.lowerBound {
      violate(value(), at: place, "have length greater than or equal to \(range.lowerBound)")
    }
  }

  private mutating func violate(_ value: String, at place: String, _ constraint: String) {
    guard violations.count < Self.violationLimit else { return }
    let shown = value.count > Self.valueLimit ? value.prefix(Self.valueLimit) + "…" : value[...]
    violations.append(
      "Value '\(shown)' at '\(place)' failed to satisfy constraint: Member must \(constraint)")
  }

  private static func mismatch(_ value: JSONValue, _ type: String, _ place: String) -> AWSError {
    let found =
      switch value {
      case .null: "NULL_VALUE"
      case .bool(let truth): truth ? "TRUE_VALUE" : "FALSE_VALUE"
      case .number: "NUMBER_VALUE"
      case .string: "STRING_VALUE"
      case .array: "START_ARRAY"
      case .object: "START_OBJECT"
      }
    return .serialization("\(found) can not be converted to \(type) at '\(place)'")
  }
}

extension Shape {
  fileprivate var typeName: String {
    switch self {
    case .string: "a String"
    case .integer: "a Long"
    case .boolean: "a Boolean"
    case .list: "a List"
    case .map: "a Map"
    case .structure: "a Structure"
    }
  }
}
