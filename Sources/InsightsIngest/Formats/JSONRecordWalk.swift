internal import InsightsText

/// Moves through JSON text from record to record, holding only one of them.
///
/// The records are the elements of an array at some path of keys, or the values of the text itself:
/// one per line, concatenated, or in an array. Each document is examined separately.
struct JSONRecordWalk {
  /// The result of a step.
  enum Step {
    /// A complete value, which has been consumed.
    case record(JSONScanner.Value)
    /// The text ends within a value.
    case incomplete
    /// The text is not JSON here.
    case invalid
    /// The text has ended.
    case end
  }

  private enum Container {
    case array(depth: Int)
    case object(depth: Int)
  }

  /// The paths of keys that lead to the records of a document, ignoring case; `*` is any key.
  ///
  /// `isOpen`: applications' own records may contain this path too.
  private static let paths: [(keys: [StaticString], isOpen: Bool)] = [
    (["events"], false), (["results"], false), (["records"], false), (["rows"], false),
    (["hits", "hits"], false), (["data", "result"], false), (["streams"], false),
    (["rawresponse", "hits", "hits"], false),
    (["data", "actor", "account", "nrql", "results"], false),
    (["data"], true), (["messages"], true), (["matches"], true), (["tables"], true),
    (["data", "results"], true), (["result", "results"], true), (["result", "records"], true),
    (["results", "*", "frames"], true),
  ]

  /// The path in the current document; empty if it is itself a record.
  private var path: [StaticString] = []
  /// The first key of the last document that is itself a record; similar ones are records, too.
  private var recordKey: [UInt8]?
  private var containers: [Container] = []
  /// Whether the position in a list is lost until the next record begins.
  private var isLost = false
  /// The first key of the documents that carry events, if one of them contained a platform line.
  private var carrierKey: [UInt8]?
  /// Whether the text has an earlier value.
  private var isBehindOthers = false
  /// The maximum size in bytes of an application's line that contains a list of records.
  var lineLimit = 1 << 20
  /// Whether more text may follow.
  var hasMore = false
  /// Whether a list contains events although its first element is truncated.
  var takesCutElements = false

  /// The outermost key of the list that contains the current record, in lower case.
  ///
  /// It is empty for a list that is the whole text, and `nil` for a record outside lists.
  var listName: String? {
    if containers.isEmpty { return nil }
    return path.first.map { "\($0)" } ?? ""
  }

  /// Whether the records are elements of a list in the current document.
  var isInList: Bool { !path.isEmpty && !containers.isEmpty }

  /// Whether the last record is the whole text.
  private(set) var isAlone = false

  /// Whether the text so far ends between two values.
  var isBetweenValues: Bool { containers.isEmpty }

  /// Takes the next step from `index`, which is advanced past the consumed text.
  mutating func next(in text: UnsafeBufferPointer<UInt8>, from index: inout Int) -> Step {
    if isLost {
      index = text.firstOffset(of: UInt8(ascii: "{"), from: index) ?? text.count
      isLost = index == text.count
    }
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

  /// Advances past text that `next` found to be invalid or endless.
  ///
  /// Inside a list the next brace is the only indication of a record; at the top level the end of a
  /// line or the boundary of two objects is safer.
  mutating func recover(in text: UnsafeBufferPointer<UInt8>, from index: inout Int) {
    if containers.isEmpty {
      if let lineEnd = text.firstOffset(of: 0x0A, from: index) {
        index = lineEnd + 1
      } else if let joint = text.firstOffset(of: "}{", from: index) {
        index = joint + 1
      } else {
        index = text.count
      }
    } else {
      index = min(index + 1, text.count)
      isLost = true
    }
  }

  private func skipSeparators(
    in text: UnsafeBufferPointer<UInt8>, from index: inout Int
  ) -> UInt8? {
    while index < text.count {
      switch text[index] {
      // The record separator of `application/json-seq` and the NUL of some writers are skipped.
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
      // An array of scalars is a record; any other array contains records.
      var inner = index + 1
      guard let first = skipSeparators(in: text, from: &inner) else { return .incomplete }
      guard
        first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "]")
      else { return value(text, &index) }
      // A row of results, on its own line.
      if first == UInt8(ascii: "{"), EventRecordReader.isCell(text, objectAt: inner) {
        return value(text, &index)
      }
      if first == UInt8(ascii: "[") {
        guard let isTimed = EventRecordReader.isTimedRecord(text, arrayAt: index) else {
          return .incomplete
        }
        if isTimed { return value(text, &index) }
      }
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
    if depth > 0, depth == path.count { return value(text, &index) }
    guard byte == UInt8(ascii: "{") else { return value(text, &index) }
    if depth == 0 { return enterObject(text, &index) }
    containers.append(.object(depth: depth))
    index += 1
    return nil
  }

  /// Enters an object at the top level: a record, or the container of the records.
  private mutating func enterObject(
    _ text: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Step? {
    guard let choice = choosePath(text, objectAt: index) else { return .incomplete }
    path = choice
    defer { isBehindOthers = true }
    guard !path.isEmpty else {
      let step = value(text, &index)
      isAlone = isAlone(index, in: text)
      return step
    }
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
    guard depth < path.count else { return .invalid }
    switch key(in: text, at: index) {
    case .incomplete: return .incomplete
    case .invalid: return .invalid
    case .found(let key, let start):
      if Self.isName(path[depth], text, key) {
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

  /// Returns the path to the list of records in an object; empty if there is no list, `nil` if the
  /// object is truncated before that is certain.
  private mutating func choosePath(
    _ text: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> [StaticString]? {
    var index = start + 1
    var firstKey: Range<Int>?
    while let byte = skipSeparators(in: text, from: &index) {
      if byte == UInt8(ascii: "}") {
        let isReply = firstKey.map { key in
          Self.paths.contains { Self.isName($0.keys[0], text, key) }
        }
        recordKey = isReply == false ? firstKey.map { Array(text[$0]) } : nil
        return []
      }
      switch key(in: text, at: index) {
      case .incomplete: return nil
      case .invalid: return []
      case .found(let key, let valueStart):
        if firstKey == nil, let recordKey, recordKey.elementsEqual(text[key]) { return [] }
        firstKey = firstKey ?? key
        for path in Self.paths where Self.isName(path.keys[0], text, key) {
          switch leads(path.keys.dropFirst(), text, valueStart, isOpen: path.isOpen) {
          case .unknown: return nil
          case .toRecords(let first):
            if let carrierKey, firstKey.map({ carrierKey.elementsEqual(text[$0]) }) == true {
              return path.keys
            }
            if EventRecordReader.carriesPlatformLine(text, objectAt: first) {
              carrierKey = firstKey.map { Array(text[$0]) }
            }
            guard let isOwn = isOwnLine(text, objectAt: start, listing: first) else { return nil }
            return isOwn ? [] : path.keys
          case .nowhere: break
          }
        }
        switch JSONScanner.outcome(in: text, at: valueStart) {
        case .incomplete: return nil
        case .invalid: return []
        case .value(let value): index = value.end
        }
      }
    }
    return nil
  }

  /// Whether an object with a list of records is an application's line; `nil` if the text ends
  /// before that is certain.
  private func isOwnLine(
    _ text: UnsafeBufferPointer<UInt8>, objectAt start: Int, listing first: Int
  ) -> Bool? {
    guard case .value(let value) = JSONScanner.outcome(in: text, at: start) else {
      return hasMore && text.count - start < lineLimit ? nil : false
    }
    return EventRecordReader.isOwnLine(
      JSONRecord(text: text, value: value), listing: first,
      isAlone: isAlone(value.end, in: text))
  }

  /// Whether the value that ends at `end` is the whole text.
  private func isAlone(_ end: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    !isBehindOthers && containers.isEmpty && text[end...].allSatisfy { $0 <= 0x20 }
  }

  /// The target of a path.
  private enum Lead {
    /// A list of records; the first one begins at the offset `first`.
    case toRecords(first: Int)
    case nowhere
    /// The text ends before the target.
    case unknown
  }

  /// Follows the rest of a path from the value at `start`.
  ///
  /// `isOpen`: applications also have lists with that name.
  private func leads(
    _ path: ArraySlice<StaticString>, _ text: UnsafeBufferPointer<UInt8>, _ start: Int,
    isOpen: Bool = false
  ) -> Lead {
    var index = start + 1
    guard let name = path.first else {
      guard text[start] == UInt8(ascii: "[") else { return .nowhere }
      guard let first = skipSeparators(in: text, from: &index) else { return .unknown }
      if first == UInt8(ascii: "[") {
        index += 1
        guard let cell = skipSeparators(in: text, from: &index) else { return .unknown }
        return cell == UInt8(ascii: "{") ? .toRecords(first: index) : .nowhere
      }
      guard first == UInt8(ascii: "{") else { return .nowhere }
      let isOfEvents =
        isOpen
        ? EventRecordReader.isWrapper(text, objectAt: index)
          || EventRecordReader.carriesPlatformLine(text, objectAt: index)
        : EventRecordReader.holdsEvent(text, objectAt: index)
      if isOfEvents { return .toRecords(first: index) }
      guard JSONScanner.outcome(in: text, at: index) == .incomplete else { return .nowhere }
      return takesCutElements ? .toRecords(first: index) : .unknown
    }
    guard text[start] == UInt8(ascii: "{") else { return .nowhere }
    while let byte = skipSeparators(in: text, from: &index) {
      if byte == UInt8(ascii: "}") { return .nowhere }
      switch key(in: text, at: index) {
      case .incomplete: return .unknown
      case .invalid: return .nowhere
      case .found(let key, let valueStart):
        if Self.isName(name, text, key),
          case .toRecords(let first) = leads(path.dropFirst(), text, valueStart, isOpen: isOpen)
        {
          return .toRecords(first: first)
        }
        switch JSONScanner.outcome(in: text, at: valueStart) {
        case .incomplete: return .unknown
        case .invalid: return .nowhere
        case .value(let value): index = value.end
        }
      }
    }
    return .unknown
  }

  /// Whether a key equals a name, ignoring case; `*` is any.
  private static func isName(
    _ name: StaticString, _ text: UnsafeBufferPointer<UInt8>, _ key: Range<Int>
  ) -> Bool {
    if name.utf8CodeUnitCount == 1, name.utf8Start.pointee == UInt8(ascii: "*") { return true }
    guard key.count == name.utf8CodeUnitCount else { return false }
    return zip(text[key], UnsafeBufferPointer(start: name.utf8Start, count: key.count))
      .allSatisfy { $0 | 0x20 == $1 }
  }
}
