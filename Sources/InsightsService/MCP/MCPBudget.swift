internal import InsightsText

/// Limits a result to what a model can process: some thousand words.
struct MCPBudget {
  /// The maximum number of rows.
  static let rowLimit = 1000
  /// The maximum size of all rows, in bytes of JSON.
  static let byteLimit = 50_000
  /// The maximum size of one text in them, in bytes.
  static let textLimit = 4000

  private var byteCount = 0
  private var shortenedCount = 0
  /// What was omitted or truncated, one sentence each.
  private(set) var notes: [String] = []

  /// Returns as many elements as fit, at least one, with long texts truncated.
  ///
  /// `total`: the number of all elements, if these are not all. `narrowing`: how to request less.
  mutating func first(
    of elements: [JSONObject], named name: String, total: Int? = nil, narrowing: String
  ) -> [JSONValue] {
    let kept = taken(elements)
    let total = max(total ?? elements.count, elements.count)
    if kept.count < total {
      notes.append(
        "there is more: \(kept.count) of \(total) \(name) are shown, as a result has up to "
          + "\(Self.rowLimit) of them and \(Self.byteLimit / 1000) kB. Narrow it by \(narrowing).")
    }
    noteShortened()
    return kept
  }

  /// Returns the first and the last elements, for lists whose beginning and end matter most.
  mutating func ends(
    of elements: [JSONObject], named name: String, narrowing: String
  ) -> [JSONValue] {
    var head: [JSONValue] = []
    var tail: [JSONValue] = []
    var rest = elements[...]
    while let next = head.count <= tail.count ? rest.first : rest.last,
      let kept = take(next, isFirst: head.isEmpty)
    {
      if head.count <= tail.count {
        head.append(kept)
        rest.removeFirst()
      } else {
        tail.append(kept)
        rest.removeLast()
      }
    }
    if !rest.isEmpty {
      notes.append(
        "there is more: \(rest.count) of \(elements.count) \(name) are left out in the middle. "
          + "See them with \(narrowing).")
    }
    noteShortened()
    return head + tail.reversed()
  }

  private mutating func taken(_ elements: [JSONObject]) -> [JSONValue] {
    var kept: [JSONValue] = []
    for element in elements {
      guard kept.count < Self.rowLimit, let element = take(element, isFirst: kept.isEmpty) else {
        break
      }
      kept.append(element)
    }
    return kept
  }

  private mutating func take(_ element: JSONObject, isFirst: Bool) -> JSONValue? {
    var count = 0
    let shortened = shortened(.object(element), &count)
    let size = shortened.bytes.count
    guard isFirst || byteCount + size <= Self.byteLimit else { return nil }
    byteCount += size
    shortenedCount += count
    return shortened
  }

  private mutating func noteShortened() {
    guard shortenedCount > 0 else { return }
    notes.append(
      "\(shortenedCount == 1 ? "a text was" : "\(shortenedCount) texts were") cut to "
        + "\(Self.textLimit) bytes; take parts of it with 'substr' or 'parse'")
    shortenedCount = 0
  }

  private func shortened(_ value: JSONValue, _ count: inout Int) -> JSONValue {
    switch value {
    case .string(let text) where text.utf8.count > Self.textLimit:
      count += 1
      return .string(Self.cut(text))
    case .array(let elements):
      var kept: [JSONValue] = []
      for element in elements { kept.append(shortened(element, &count)) }
      return .array(kept)
    case .object(let object):
      var kept = object
      for index in kept.members.indices {
        kept.members[index].value = shortened(kept.members[index].value, &count)
      }
      return .object(kept)
    default: return value
    }
  }

  /// Returns the beginning of a text, in whole characters, and how much is missing.
  private static func cut(_ text: String) -> String {
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: textLimit)
    while String.Index(end, within: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    let missing = text.utf8.distance(from: end, to: text.utf8.endIndex)
    return "\(text[..<end])… (\(missing) more bytes)"
  }
}
