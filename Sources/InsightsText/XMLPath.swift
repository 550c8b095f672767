/// A path to an element or attribute of an XML text: `/Event/System/EventID`, `//Data[@Name='x']`,
/// `/a/b[2]/@id`, `/a/text()`.
///
/// The part of XPath 1.0 that log queries use: steps from the root (`/`) or at any depth (`//`),
/// names or `*`, and in brackets a position from 1, an attribute that must be there or have a
/// value.
public struct XMLPath: Sendable {
  struct Step: Sendable {
    var name: [UInt8]
    var isAtAnyDepth: Bool
    var position: Int?
    var attribute: [UInt8]?
    var value: [UInt8]?

    var takesAnyName: Bool { name == [UInt8(ascii: "*")] }
  }

  let steps: [Step]
  /// The attribute of the element that is asked for; `nil` for the element's text.
  let attribute: [UInt8]?

  /// Reads a path; `nil` when it is none, or one that uses more of XPath.
  public init?(_ text: String) {
    var rest = Substring(text)
    var steps: [Step] = []
    var attribute: [UInt8]?
    guard rest.hasPrefix("/") else { return nil }
    while !rest.isEmpty {
      guard attribute == nil, rest.hasPrefix("/") else { return nil }
      rest = rest.dropFirst()
      let isAtAnyDepth = rest.hasPrefix("/")
      if isAtAnyDepth { rest = rest.dropFirst() }
      if rest == "text()", !isAtAnyDepth, !steps.isEmpty {
        rest = ""
        break
      }
      let isAttribute = rest.hasPrefix("@")
      if isAttribute { rest = rest.dropFirst() }
      let name = rest.prefix { $0.isLetter || $0.isNumber || "_-.:*".contains($0) }
      guard !name.isEmpty, name == "*" || !name.contains("*") else { return nil }
      rest = rest.dropFirst(name.count)
      if isAttribute {
        guard !isAtAnyDepth, !steps.isEmpty else { return nil }
        attribute = Array(name.utf8)
        continue
      }
      var step = Step(name: Array(name.utf8), isAtAnyDepth: isAtAnyDepth)
      while rest.hasPrefix("[") {
        guard let end = rest.firstIndex(of: "]"), step.read(predicate: rest[..<end].dropFirst())
        else { return nil }
        rest = rest[rest.index(after: end)...]
      }
      steps.append(step)
    }
    guard !steps.isEmpty else { return nil }
    self.steps = steps
    self.attribute = attribute
  }

  /// Finds the first element or attribute that the path leads to, and appends its text: that of all
  /// elements inside it, entities resolved.
  ///
  /// - Returns: Whether there is one.
  public func appendFirst(
    in bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) -> Bool {
    var walk = XMLWalk(path: self, bytes: bytes)
    return walk.run(&output)
  }
}

extension XMLPath.Step {
  /// Takes up what stands between brackets; false when it is not understood.
  fileprivate mutating func read(predicate: Substring) -> Bool {
    if let position = Int(predicate) {
      self.position = position
      return position > 0
    }
    guard predicate.hasPrefix("@") else { return false }
    let parts = predicate.dropFirst().split(separator: "=", maxSplits: 1)
    guard let name = parts.first, !name.isEmpty else { return false }
    attribute = Array(name.utf8)
    guard parts.count == 2 else { return !predicate.contains("=") }
    let quoted = parts[1]
    guard quoted.count >= 2, let quote = quoted.first, quote == "'" || quote == "\"",
      quoted.last == quote
    else { return false }
    value = Array(quoted.dropFirst().dropLast().utf8)
    return true
  }
}
