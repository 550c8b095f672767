internal import InsightsText

/// Moves through JSON text from record to record, without holding more than one of them.
///
/// The records are the elements of an array that some path of keys leads to, or the values of the
/// text themselves: one a line, back to back, or in an array.
struct JSONRecordWalk {
  /// What the next step met.
  enum Step {
    /// A whole value, done with.
    case record(JSONScanner.Value)
    /// The rest may be the beginning of a value whose end is not in the text.
    case incomplete
    /// Something that is no JSON stands here.
    case invalid
    /// Nothing is left.
    case end
  }

  private enum Container {
    case array(depth: Int)
    case object(depth: Int)
  }

  /// The keys that may lead to the records, from the outside.
  private let paths: [[StaticString]]
  /// The path that the input follows; empty: its values are the records.
  private var path: [StaticString]?
  private var containers: [Container] = []

  init(paths: [[StaticString]]) {
    self.paths = paths
  }

  /// Whether the text so far ends between two values.
  var isBetweenValues: Bool { containers.isEmpty }

  /// Takes the next step from `index`, which is moved behind what is done with.
  mutating func next(in text: UnsafeBufferPointer<UInt8>, from index: inout Int) -> Step {
    while let byte = skipSeparators(in: text, from: &index) {
      let step: Step?
      switch containers.last {
      case nil: step = enterValue(byte, text, &index)
      case .array(let depth)?: step = element(byte, depth: depth, text, &index)
      case .object(let depth)?: step = member(byte, depth: depth, text, &index)
      }
      if let step { return step }
    }
    return .end
  }

  /// Moves behind what `next` found to be no JSON, or to be endless.
  ///
  /// Between records of one level nothing else can be told than where the next brace is; where
  /// records stand alone a line's end or the joint of two objects is safer.
  mutating func recover(in text: UnsafeBufferPointer<UInt8>, from index: inout Int) {
    if containers.isEmpty, let path, path.isEmpty {
      if let lineEnd = text.firstOffset(of: 0x0A, from: index) {
        index = lineEnd + 1
      } else if let joint = text.firstOffset(of: "}{", from: index) {
        index = joint + 1
      } else {
        index = text.count
      }
    } else {
      index = text.firstOffset(of: UInt8(ascii: "{"), from: index + 1) ?? text.count
    }
  }

  private func skipSeparators(
    in text: UnsafeBufferPointer<UInt8>, from index: inout Int
  ) -> UInt8? {
    while index < text.count {
      switch text[index] {
      // The record separator of `application/json-seq` and the NUL of some writers are no text.
      case 0x20, 0x0A, 0x0D, 0x09, 0x1E, 0x00, UInt8(ascii: ","): index += 1
      default: return text[index]
      }
    }
    return nil
  }

  private mutating func enterValue(
    _ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Step? {
    if byte == UInt8(ascii: "[") {
      // An array of scalars is a record, any other holds records.
      var inner = index + 1
      guard let first = skipSeparators(in: text, from: &inner) else { return .incomplete }
      guard
        first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "]")
      else { return value(text, &index) }
      containers.append(.array(depth: 0))
      index += 1
      return nil
    }
    guard byte == UInt8(ascii: "{") else { return .invalid }
    return enterObject(text, &index)
  }

  private mutating func element(
    _ byte: UInt8, depth: Int, _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Step? {
    if byte == UInt8(ascii: "]") {
      containers.removeLast()
      index += 1
      return nil
    }
    if let path, depth > 0, depth == path.count { return value(text, &index) }
    guard byte == UInt8(ascii: "{") else { return value(text, &index) }
    if depth == 0 { return enterObject(text, &index) }
    containers.append(.object(depth: depth))
    index += 1
    return nil
  }

  /// An object of the outermost level: a record, or what holds the records.
  private mutating func enterObject(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Step? {
    if path == nil {
      switch choosePath(text, objectAt: index) {
      case .some(let choice): path = choice
      case .none: return .incomplete
      }
    }
    guard let path, !path.isEmpty else { return value(text, &index) }
    containers.append(.object(depth: 0))
    index += 1
    return nil
  }

  private mutating func member(
    _ byte: UInt8, depth: Int, _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Step? {
    if byte == UInt8(ascii: "}") {
      containers.removeLast()
      index += 1
      return nil
    }
    guard let path, depth < path.count else { return .invalid }
    switch key(in: text, at: index) {
    case .incomplete: return .incomplete
    case .invalid: return .invalid
    case .found(let key, let start):
      let name = path[depth]
      if key.count == name.utf8CodeUnitCount, text.holds(name, at: key.lowerBound) {
        if text[start] == UInt8(ascii: "[") {
          containers.append(.array(depth: depth + 1))
          index = start + 1
          return nil
        }
        if text[start] == UInt8(ascii: "{"), depth + 1 < path.count {
          containers.append(.object(depth: depth + 1))
          index = start + 1
          return nil
        }
      }
      switch JSONScanner.outcome(in: text, at: start) {
      case .incomplete: return .incomplete
      case .invalid: return .invalid
      case .value(let value): index = value.end
      }
      return nil
    }
  }

  private func value(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Step {
    switch JSONScanner.outcome(in: text, at: index) {
    case .incomplete: return .incomplete
    case .invalid: return .invalid
    case .value(let value):
      index = value.end
      return .record(value)
    }
  }

  private enum Key {
    case found(key: Range<Int>, valueStart: Int)
    case incomplete
    case invalid
  }

  private func key(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Key {
    switch JSONScanner.outcome(in: text, at: start) {
    case .incomplete: return .incomplete
    case .value(let key) where key.kind == .string:
      var index = key.end
      while index < text.count, text[index] <= 0x20 { index += 1 }
      guard index < text.count else { return .incomplete }
      guard text[index] == UInt8(ascii: ":") else { return .invalid }
      index += 1
      while index < text.count, text[index] <= 0x20 { index += 1 }
      guard index < text.count else { return .incomplete }
      return .found(key: key.range, valueStart: index)
    case .value, .invalid: return .invalid
    }
  }

  /// The path whose first key an object has; empty where it has none, `nil` where it is cut.
  private func choosePath(
    _ text: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> [StaticString]? {
    guard !paths.isEmpty else { return [] }
    var index = start + 1
    while let byte = skipSeparators(in: text, from: &index) {
      if byte == UInt8(ascii: "}") { return [] }
      switch key(in: text, at: index) {
      case .incomplete: return nil
      case .invalid: return []
      case .found(let key, let valueStart):
        let found = paths.first { path in
          path[0].utf8CodeUnitCount == key.count && text.holds(path[0], at: key.lowerBound)
            && (text[valueStart] == UInt8(ascii: "[") || path.count > 1)
        }
        if let found { return found }
        switch JSONScanner.outcome(in: text, at: valueStart) {
        case .incomplete: return nil
        case .invalid: return []
        case .value(let value): index = value.end
        }
      }
    }
    return nil
  }
}
