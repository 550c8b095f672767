internal import InsightsText

/// A saved query of an AWS account, as DescribeQueryDefinitions returns it.
public struct QueryDefinition: Hashable, Sendable {
  /// A parameter of the query.
  struct Parameter: Hashable, Sendable {
    /// The name of the parameter.
    var name: String
    /// The default; `nil` if there is none.
    var defaultValue: String?
    /// The description; `nil` if there is none.
    var description: String?
  }

  /// The name; slashes create folders.
  public var name: String
  /// The text of the query.
  var text: String
  /// The log groups that it reads.
  var logGroups: [String]
  /// `CWLI` for the language of Logs Insights; `nil` if the reply does not contain it.
  public var language: String?
  /// The parameters, in order.
  var parameters: [Parameter]

  /// Parses the definitions in a reply; `nil` if the text is not one.
  public static func definitions(inReply reply: String) -> [QueryDefinition]? {
    var reply = reply
    return reply.withUTF8 { bytes -> [QueryDefinition]? in
      guard let start = bytes.firstIndex(where: { $0 > UInt8(ascii: " ") }),
        let list = JSONScanner.member("queryDefinitions", in: bytes, objectAt: start),
        list.kind == .array
      else { return nil }
      var definitions: [QueryDefinition] = []
      var elements = JSONElements(of: bytes, arrayAt: list.range.lowerBound)
      while let element = elements.next() {
        if let definition = QueryDefinition(element, in: bytes) { definitions.append(definition) }
      }
      return elements.end == nil ? nil : definitions
    }
  }

  private init?(_ object: JSONScanner.Value, in bytes: UnsafeBufferPointer<UInt8>) {
    let reader = ObjectReader(object: object, bytes: bytes)
    guard let name = reader.text("name"), let text = reader.text("queryString") else { return nil }
    self.name = name
    self.text = text
    language = reader.text("queryLanguage")
    logGroups = reader.elements("logGroupNames").compactMap { reader.text(of: $0) }
    parameters = reader.elements("parameters").compactMap { element in
      let reader = ObjectReader(object: element, bytes: bytes)
      guard let name = reader.text("name") else { return nil }
      return Parameter(
        name: name, defaultValue: reader.text("defaultValue"),
        description: reader.text("description"))
    }
  }

  /// The path of a `.insights` file for the query, without the extension.
  ///
  /// It is the query's name with line breaks and control characters replaced by hyphens, and
  /// without leading dots; `nil` if nothing remains, or if it is too long or too deep.
  public var fileName: String? {
    let parts = name.split(separator: "/").map { part in
      let kept = part.map { character in
        character.isNewline
          || character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
          ? "-" : String(character)
      }.joined()
      // A leading dot hides a file, and two lead to another folder.
      return Self.trimmed(kept).drop { $0 == "." }
    }
    .filter { !$0.isEmpty }
    // Longer names than file systems support, and deeper folders than packs are searched in.
    guard !parts.isEmpty, parts.count <= 4, parts.allSatisfy({ $0.utf8.count <= 240 }) else {
      return nil
    }
    return parts.joined(separator: "/")
  }

  /// The content of the `.insights` file.
  public var fileText: String {
    var lines = ["# title: \(Self.line(name.split(separator: "/").last.map(String.init) ?? name))"]
    if !logGroups.isEmpty {
      lines.append("# log groups: \(logGroups.map(Self.line).joined(separator: ", "))")
    }
    for parameter in parameters {
      var line = "# parameter: \(Self.line(parameter.name))"
      if let value = parameter.defaultValue { line += "=\(Self.line(value))" }
      if let meaning = parameter.description, !meaning.isEmpty {
        line += " — \(Self.line(meaning))"
      }
      lines.append(line)
    }
    var text = self.text.replacing("\r\n", with: "\n")
    while text.last?.isWhitespace == true { text.removeLast() }
    return lines.joined(separator: "\n") + "\n\n\(text)\n"
  }

  private static func line(_ text: String) -> String {
    trimmed(String(text.map { $0.isNewline ? " " : $0 }))
  }

  private static func trimmed(_ text: String) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Reads the members of an object.
private struct ObjectReader {
  let object: JSONScanner.Value
  let bytes: UnsafeBufferPointer<UInt8>

  func text(_ key: StaticString) -> String? {
    guard object.kind == .object,
      let value = JSONScanner.member(key, in: bytes, objectAt: object.range.lowerBound)
    else { return nil }
    return text(of: value)
  }

  func text(of value: JSONScanner.Value) -> String? {
    guard value.kind == .string else { return nil }
    var text: [UInt8] = []
    JSONScanner.appendUnescaped(value.range, of: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  func elements(_ key: StaticString) -> [JSONScanner.Value] {
    guard object.kind == .object,
      let list = JSONScanner.member(key, in: bytes, objectAt: object.range.lowerBound),
      list.kind == .array
    else { return [] }
    var elements = JSONElements(of: bytes, arrayAt: list.range.lowerBound)
    var values: [JSONScanner.Value] = []
    while let value = elements.next() { values.append(value) }
    return values
  }
}
