/// Reads JSON objects into their leaves, the discovered fields, and checks them on the way.
///
/// Made for many objects of few shapes: a key that follows the same key as last time is recognised
/// by comparing its bytes. Names are interned and known by a number from then on. Not thread-safe.
public final class JSONLeafReader {
  /// A leaf of the object that was read last; nulls are left out.
  public struct Leaf: Sendable {
    /// A number for `name(_:)`.
    public var name: Int32
    public var kind: JSONScanner.Value.Kind
    /// The bytes of the value; those of a string are between the quotes.
    public var start: Int32
    public var end: Int32
  }

  /// A key below the key that it is nested in.
  private struct Node {
    var parent: Int32
    /// Its bytes in `keys`.
    var keyStart: Int32
    var keyLength: Int32
    /// The node of the key that came after it last time.
    var successor: Int32
    var name: Int32
  }

  /// Names that are told apart; hostile input could have any number.
  private static let nodeLimit = 100_000
  private static let root: Int32 = 0

  /// Leaves of the object that was read last, in document order; at most as many as CloudWatch
  /// discovers.
  public private(set) var leaves: [Leaf] = []
  /// Whether every key of the object is part of a leaf's name in `leaves`.
  public private(set) var hasAllLeaves = true
  /// Whether keys were left out because there were too many different ones.
  public private(set) var hasLeftOutNames = false

  private var nodes: [Node]
  private var keys: [UInt8] = []
  private var nodesByHash: [UInt64: Int32] = [:]
  private var names: [[UInt8]] = [[]]
  private var namesByBytes: [[UInt8]: Int32] = [[]: 0]
  private var unescapedKey: [UInt8] = []

  public init() {
    nodes = [Node(parent: -1, keyStart: 0, keyLength: 0, successor: 0, name: 0)]
  }

  /// Names known so far; their numbers are below.
  public var nameCount: Int { names.count }

  /// The flattened name with a number, as `JSONScanner.forEachField` gives it; 0 is the empty one.
  public func name(_ number: Int32) -> [UInt8] { names[Int(number)] }

  /// Reads the object at `start` and gives the offset after it.
  ///
  /// - Returns: `nil` where there is no complete, valid object; `leaves` is of no use then.
  public func read(_ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> Int? {
    leaves.removeAll(keepingCapacity: true)
    guard start >= 0, start < bytes.count, bytes.count <= Int(Int32.max),
      bytes[start] == UInt8(ascii: "{")
    else { return nil }
    hasAllLeaves = true
    var walk = Walk(cursor: JSONCursor(bytes: bytes, index: start))
    return walk.container(reader: self, node: JSONLeafReader.root, depth: 0, isObject: true)
      ? walk.cursor.index : nil
  }

  /// Reads the object that `JSONScanner.firstObject` finds, and gives its offset.
  public func readFirstObject(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let brace = bytes.firstOffset(of: UInt8(ascii: "{")) else { return nil }
    // Nearly always the first brace begins it; what else there is takes the longer way.
    if read(bytes, objectAt: brace) != nil, !leaves.isEmpty { return brace }
    guard let object = JSONScanner.firstObject(in: bytes), read(bytes, objectAt: object) != nil
    else { return nil }
    return object
  }

  /// A way through one object.
  private struct Walk {
    var cursor: JSONCursor
    var leafCount = 0
    /// The node of the key that was met last.
    var previous = JSONLeafReader.root

    mutating func value(reader: JSONLeafReader, node: Int32, depth: Int) -> Bool {
      switch cursor.current {
      case UInt8(ascii: "{"):
        return container(reader: reader, node: node, depth: depth, isObject: true)
      case UInt8(ascii: "["):
        return container(reader: reader, node: node, depth: depth, isObject: false)
      default:
        guard let leaf = cursor.value(depth: depth) else { return false }
        leafCount += 1
        if leafCount > JSONScanner.discoveredFieldLimit || leaf.kind == .null || node < 0 {
          reader.hasAllLeaves = false
        }
        if leafCount <= JSONScanner.discoveredFieldLimit, leaf.kind != .null, node > 0 {
          reader.leaves.append(
            Leaf(
              name: reader.nodes[Int(node)].name, kind: leaf.kind,
              start: Int32(truncatingIfNeeded: leaf.range.lowerBound),
              end: Int32(truncatingIfNeeded: leaf.range.upperBound)))
        }
        return true
      }
    }

    mutating func container(
      reader: JSONLeafReader, node: Int32, depth: Int, isObject: Bool
    ) -> Bool {
      guard depth < JSONScanner.depthLimit else { return false }
      let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
      cursor.index += 1
      cursor.skipWhitespace()
      if cursor.skip(close) {
        reader.hasAllLeaves = false
        return true
      }
      var position = 0
      while true {
        let child: Int32
        if isObject {
          guard let key = cursor.key() else { return false }
          child = reader.node(below: node, key: key, of: cursor.bytes, after: previous)
        } else {
          child = reader.node(below: node, position: position, after: previous)
          position += 1
        }
        if child > 0 { previous = child }
        guard value(reader: reader, node: child, depth: depth + 1) else { return false }
        cursor.skipWhitespace()
        if cursor.skip(close) { return true }
        guard cursor.skip(UInt8(ascii: ",")) else { return false }
        cursor.skipWhitespace()
      }
    }
  }

  // MARK: Names

  /// The node of a key below `parent`; -1 where there are too many, or `parent` is -1.
  private func node(
    below parent: Int32, key: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>,
    after previous: Int32
  ) -> Int32 {
    guard parent >= 0 else { return -1 }
    let expected = nodes[Int(previous)].successor
    let candidate = nodes[Int(expected)]
    if expected > 0, candidate.parent == parent, Int(candidate.keyLength) == key.count {
      // A key with escapes is never equal to the unescaped one that is kept.
      let isExpected = keys.withUnsafeBufferPointer { keys in
        let start = Int(candidate.keyStart)
        return keys.holds(
          UnsafeBufferPointer(rebasing: bytes[key]), in: start..<start + key.count)
      }
      if isExpected { return expected }
    }
    let raw = UnsafeBufferPointer(rebasing: bytes[key])
    if raw.firstOffset(of: UInt8(ascii: "\\")) == nil {
      return node(below: parent, key: raw, after: previous)
    }
    var text = unescapedKey
    text.removeAll(keepingCapacity: true)
    JSONScanner.appendUnescaped(key, of: bytes, to: &text)
    unescapedKey = text
    return text.withUnsafeBufferPointer { node(below: parent, key: $0, after: previous) }
  }

  private func node(below parent: Int32, position: Int, after previous: Int32) -> Int32 {
    guard parent >= 0 else { return -1 }
    // Elements after the last one that can be a field need no name.
    guard position < JSONScanner.discoveredFieldLimit else { return -1 }
    let key = Array(String(position).utf8)
    return key.withUnsafeBufferPointer { node(below: parent, key: $0, after: previous) }
  }

  private func node(
    below parent: Int32, key: UnsafeBufferPointer<UInt8>, after previous: Int32
  ) -> Int32 {
    var contentHash = ContentHash()
    contentHash.update(key)
    let hash = contentHash.value.low &+ UInt64(parent) &* 0x9E37_79B9_7F4A_7C15
    let found: Int32
    if let known = nodesByHash[hash] {
      found = known
    } else {
      guard nodes.count < JSONLeafReader.nodeLimit else {
        hasLeftOutNames = true
        return -1
      }
      found = Int32(nodes.count)
      nodes.append(
        Node(
          parent: parent, keyStart: Int32(keys.count), keyLength: Int32(key.count), successor: 0,
          name: name(below: parent, key: key)))
      keys.append(contentsOf: key)
      nodesByHash[hash] = found
    }
    nodes[Int(previous)].successor = found
    return found
  }

  private func name(below parent: Int32, key: UnsafeBufferPointer<UInt8>) -> Int32 {
    var name: [UInt8] = []
    if parent == JSONLeafReader.root {
      if key.first == UInt8(ascii: "@") { name.append(UInt8(ascii: "@")) }
    } else {
      name = names[Int(nodes[Int(parent)].name)]
      name.append(UInt8(ascii: "."))
    }
    name.append(contentsOf: key)
    if let known = namesByBytes[name] { return known }
    let number = Int32(names.count)
    names.append(name)
    namesByBytes[name] = number
    return number
  }
}
