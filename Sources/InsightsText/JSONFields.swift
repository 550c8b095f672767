/// Finds the leaf with a given flattened name in one pass over an object.
struct JSONFieldSearch {
  let path: UnsafeBufferPointer<UInt8>
  var cursor: JSONCursor
  private var leafCount = 0
  private var found: JSONScanner.Value?
  private var unescapedKey: [UInt8] = []

  init(path: UnsafeBufferPointer<UInt8>, cursor: JSONCursor) {
    self.path = path
    self.cursor = cursor
  }

  mutating func run() -> JSONScanner.Value? {
    _ = value(matched: 0, depth: 0)
    return found
  }

  /// Visits one value whose own name matches the first `matched` bytes of the path.
  ///
  /// If `matched` is `nil` the name does not match, and the leaves are only counted. Returns false
  /// to end the search.
  private mutating func value(matched: Int?, depth: Int) -> Bool {
    switch cursor.current {
    case UInt8(ascii: "{"): return container(matched: matched, depth: depth, isObject: true)
    case UInt8(ascii: "["): return container(matched: matched, depth: depth, isObject: false)
    default:
      guard leafCount < JSONScanner.discoveredFieldLimit, let leaf = cursor.value(depth: depth)
      else { return false }
      leafCount += 1
      guard matched == path.count, leaf.kind != .null else { return true }
      found = leaf
      return false
    }
  }

  private mutating func container(matched: Int?, depth: Int, isObject: Bool) -> Bool {
    guard depth < JSONScanner.depthLimit else { return false }
    let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    cursor.index += 1
    cursor.skipWhitespace()
    if cursor.skip(close) { return true }
    var position = 0
    while true {
      var next: Int?
      if isObject {
        guard let key = cursor.key() else { return false }
        next = matched.flatMap { match(key: key, after: $0, depth: depth) }
      } else {
        next = matched.flatMap { match(position: position, after: $0, depth: depth) }
        position += 1
      }
      guard value(matched: next, depth: depth + 1) else { return false }
      cursor.skipWhitespace()
      if cursor.skip(close) { return true }
      guard cursor.skip(UInt8(ascii: ",")) else { return false }
      cursor.skipWhitespace()
    }
  }

  /// Returns how many bytes of the path match once `key` follows the first `matched` bytes.
  private mutating func match(key: Range<Int>, after matched: Int, depth: Int) -> Int? {
    guard let start = segmentStart(after: matched, depth: depth) else { return nil }
    let bytes = cursor.bytes
    if bytes.firstOffset(of: UInt8(ascii: "\\"), from: key.lowerBound, to: key.upperBound) == nil {
      return match(UnsafeBufferPointer(rebasing: bytes[key]), at: start, depth: depth)
    }
    unescapedKey.removeAll(keepingCapacity: true)
    JSONScanner.appendUnescaped(key, of: bytes, to: &unescapedKey)
    return unescapedKey.withUnsafeBufferPointer { match($0, at: start, depth: depth) }
  }

  private func match(_ key: UnsafeBufferPointer<UInt8>, at start: Int, depth: Int) -> Int? {
    var start = start
    if depth == 0, key.first == UInt8(ascii: "@") {
      guard path.first == UInt8(ascii: "@") else { return nil }
      start = 1
    }
    let end = start + key.count
    guard end <= path.count, path.holds(key, in: start..<end) else { return nil }
    return end == path.count || path[end] == UInt8(ascii: ".") ? end : nil
  }

  private func match(position: Int, after matched: Int, depth: Int) -> Int? {
    guard let start = segmentStart(after: matched, depth: depth) else { return nil }
    var number = 0
    var end = start
    while end < path.count, end - start < 9, path[end] &- UInt8(ascii: "0") < 10 {
      number = number * 10 + Int(path[end] - UInt8(ascii: "0"))
      end += 1
    }
    let hasLeadingZero = end - start > 1 && path[start] == UInt8(ascii: "0")
    guard end > start, number == position, !hasLeadingZero else { return nil }
    return end == path.count || path[end] == UInt8(ascii: ".") ? end : nil
  }

  /// Returns where the next segment of the path begins: at the start, or after a dot.
  private func segmentStart(after matched: Int, depth: Int) -> Int? {
    if depth == 0 { return 0 }
    return matched < path.count ? matched + 1 : nil
  }
}

/// Visits every leaf of an object, with its flattened name.
struct JSONFieldWalk {
  var cursor: JSONCursor
  private var leafCount = 0
  private var name: [UInt8] = []

  init(cursor: JSONCursor) {
    self.cursor = cursor
  }

  /// Visits one value, whose name is `name`.
  ///
  /// Returns false to end the walk.
  mutating func value(
    depth: Int, body: (UnsafeBufferPointer<UInt8>, JSONScanner.Value) -> Void
  ) -> Bool {
    switch cursor.current {
    case UInt8(ascii: "{"): return container(depth: depth, isObject: true, body: body)
    case UInt8(ascii: "["): return container(depth: depth, isObject: false, body: body)
    default:
      guard leafCount < JSONScanner.discoveredFieldLimit, let leaf = cursor.value(depth: depth)
      else { return false }
      leafCount += 1
      if leaf.kind != .null { name.withUnsafeBufferPointer { body($0, leaf) } }
      return true
    }
  }

  private mutating func container(
    depth: Int, isObject: Bool, body: (UnsafeBufferPointer<UInt8>, JSONScanner.Value) -> Void
  ) -> Bool {
    guard depth < JSONScanner.depthLimit else { return false }
    let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    cursor.index += 1
    cursor.skipWhitespace()
    if cursor.skip(close) { return true }
    let parentLength = name.count
    var position = 0
    while true {
      if depth > 0 { name.append(UInt8(ascii: ".")) }
      if isObject {
        guard let key = cursor.key() else { return false }
        let start = name.count
        JSONScanner.appendUnescaped(key, of: cursor.bytes, to: &name)
        if depth == 0, name.count > start, name[start] == UInt8(ascii: "@") {
          name.insert(UInt8(ascii: "@"), at: start)
        }
      } else {
        name.append(contentsOf: String(position).utf8)
        position += 1
      }
      guard value(depth: depth + 1, body: body) else { return false }
      name.removeSubrange(parentLength...)
      cursor.skipWhitespace()
      if cursor.skip(close) { return true }
      guard cursor.skip(UInt8(ascii: ",")) else { return false }
      cursor.skipWhitespace()
    }
  }
}
