internal import InsightsText

/// The type of a JSON value: the subset of JSON Schema 2020-12 that tools need.
///
/// The same declaration is shown to clients and used to validate their arguments.
struct JSONSchema: Sendable {
  indirect enum Form: Sendable {
    case string
    case integer(ClosedRange<Int64>?)
    case number
    case boolean
    /// A string out of a list.
    case choice([String])
    case list(JSONSchema, count: ClosedRange<Int>)
    /// An object; additional members are allowed if it is open.
    case object([Member], isOpen: Bool)
    /// An object with arbitrary members, whose values have the same type.
    case map(JSONSchema)
    case anything
  }

  /// A member of an object.
  struct Member: Sendable {
    var name: String
    var schema: JSONSchema
    var isRequired: Bool

    static func required(_ name: String, _ schema: JSONSchema, _ text: String? = nil) -> Member {
      Member(name: name, schema: schema.described(text), isRequired: true)
    }

    static func optional(_ name: String, _ schema: JSONSchema, _ text: String? = nil) -> Member {
      Member(name: name, schema: schema.described(text), isRequired: false)
    }
  }

  var form: Form
  var text: String?
  var isNullable = false
  var standard: JSONValue?

  static let string = JSONSchema(form: .string)
  static let integer = JSONSchema(form: .integer(nil))
  static let count = JSONSchema(form: .integer(0...Int64.max))
  static let number = JSONSchema(form: .number)
  static let boolean = JSONSchema(form: .boolean)
  static let anything = JSONSchema(form: .anything)
  static let strings = JSONSchema.list(.string)

  static func integer(_ range: ClosedRange<Int64>) -> JSONSchema {
    JSONSchema(form: .integer(range))
  }

  static func choice(_ values: [String]) -> JSONSchema { JSONSchema(form: .choice(values)) }

  static func list(_ element: JSONSchema, count: ClosedRange<Int> = 0...Int.max) -> JSONSchema {
    JSONSchema(form: .list(element, count: count))
  }

  static func object(_ members: [Member], isOpen: Bool = false) -> JSONSchema {
    JSONSchema(form: .object(members, isOpen: isOpen))
  }

  static func map(of value: JSONSchema) -> JSONSchema { JSONSchema(form: .map(value)) }

  /// The same type, or `null`.
  var orNull: JSONSchema {
    var schema = self
    schema.isNullable = true
    return schema
  }

  func described(_ text: String?) -> JSONSchema {
    guard let text else { return self }
    var schema = self
    schema.text = text
    return schema
  }

  /// Adds a default for a missing member.
  func standard(_ value: JSONValue) -> JSONSchema {
    var schema = self
    schema.standard = value
    return schema
  }
}

// MARK: As clients see it

extension JSONSchema {
  var json: JSONValue {
    var object = JSONObject()
    var type: String?
    switch form {
    case .string: type = "string"
    case .integer(let range):
      type = "integer"
      if let range {
        object["minimum"] = .integer(range.lowerBound)
        if range.upperBound < Int64.max { object["maximum"] = .integer(range.upperBound) }
      }
    case .number: type = "number"
    case .boolean: type = "boolean"
    case .choice(let values):
      type = "string"
      object["enum"] = .array(
        values.map { JSONValue.string($0) } + (isNullable ? [JSONValue.null] : []))
    case .list(let element, let count):
      type = "array"
      object["items"] = element.json
      if count.lowerBound > 0 { object["minItems"] = .integer(count.lowerBound) }
      if count.upperBound < Int.max { object["maxItems"] = .integer(count.upperBound) }
    case .object(let members, let isOpen):
      type = "object"
      if !members.isEmpty {
        var properties = JSONObject()
        for member in members { properties[member.name] = member.schema.json }
        object["properties"] = .object(properties)
      }
      let required = members.filter(\.isRequired).map(\.name)
      if !required.isEmpty { object["required"] = .strings(required) }
      if !isOpen { object["additionalProperties"] = false }
    case .map(let value):
      type = "object"
      object["additionalProperties"] = value.json
    case .anything: break
    }
    var head = JSONObject()
    if let type { head["type"] = isNullable ? .strings([type, "null"]) : .string(type) }
    if let text { head["description"] = .string(text) }
    head.members += object.members
    if let standard { head["default"] = standard }
    return .object(head)
  }
}

// MARK: Held against a value

extension JSONSchema {
  /// Validates a value; returns a sentence that begins with the path of the error, or `nil` if the
  /// value is valid.
  func fault(in value: JSONValue, at place: String) -> String? {
    if value == .null, isNullable { return nil }
    switch form {
    case .string: return value.string == nil ? "'\(place)' takes a string" : nil
    case .integer(let range):
      guard let number = value.integer else { return "'\(place)' takes a whole number" }
      guard let range, !range.contains(number) else { return nil }
      return range.upperBound == Int64.max
        ? "'\(place)' takes a whole number from \(range.lowerBound)"
        : "'\(place)' takes a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number: return value.real == nil ? "'\(place)' takes a number" : nil
    case .boolean: return value.bool == nil ? "'\(place)' takes true or false" : nil
    case .choice(let values):
      guard let text = value.string, values.contains(text) else {
        return "'\(place)' takes one of \(values.map { "'\($0)'" }.joined(separator: ", "))"
      }
      return nil
    case .list(let element, let count):
      guard let elements = value.array else { return "'\(place)' takes a list" }
      if elements.count < count.lowerBound {
        return "'\(place)' takes a list of at least \(count.lowerBound)"
      }
      if elements.count > count.upperBound {
        return "'\(place)' takes a list of at most \(count.upperBound)"
      }
      for (index, value) in elements.enumerated() {
        if let fault = element.fault(in: value, at: "\(place)[\(index)]") { return fault }
      }
      return nil
    case .object(let members, let isOpen):
      guard let object = value.object else { return "'\(place)' takes an object" }
      return fault(in: object, of: members, isOpen: isOpen, at: place)
    case .map(let element):
      guard let object = value.object else { return "'\(place)' takes an object" }
      for member in object.members {
        let place = "\(place).\(member.name)"
        if let fault = element.fault(in: member.value, at: place) { return fault }
      }
      return nil
    case .anything: return nil
    }
  }

  private func fault(
    in object: JSONObject, of members: [Member], isOpen: Bool, at place: String
  ) -> String? {
    func name(_ member: String) -> String { place.isEmpty ? member : "\(place).\(member)" }
    for member in object.members where !isOpen {
      guard members.contains(where: { $0.name == member.name }) else {
        let similar = EditDistance.suggestions(for: member.name, among: members.map(\.name))
        return "there is no '\(name(member.name))'; "
          + (similar.isEmpty
            ? members.isEmpty
              ? "nothing is taken" : "there are: \(members.map(\.name).joined(separator: ", "))"
            : "did you mean \(similar.map { "'\($0)'" }.joined(separator: " or "))?")
      }
    }
    for member in members {
      let value = object.members.last { $0.name == member.name }?.value
      guard let value else {
        if member.isRequired { return "'\(name(member.name))' is missing" }
        continue
      }
      if let fault = member.schema.fault(in: value, at: name(member.name)) { return fault }
    }
    return nil
  }
}
