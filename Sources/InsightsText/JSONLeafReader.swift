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

  private var names = JSONLeafNames()
  private var found = Found()

  public init() {}

  /// Leaves of the object that was read last, in document order; at most as many as CloudWatch
  /// discovers.
  public var leaves: [Leaf] { found.leaves }
  /// Whether every key of the object is part of a leaf's name in `leaves`.
  public var hasAllLeaves: Bool { found.hasAll }
  /// Whether keys were left out because there were too many different ones.
  public var hasLeftOutNames: Bool { names.hasLeftOut }

  /// Names known so far; their numbers are below.
  public var nameCount: Int { names.count }

  /// The flattened name with a number, as `JSONScanner.forEachField` gives it; 0 is the empty one.
  public func name(_ number: Int32) -> [UInt8] { names[number] }

  /// Reads the object at `start` and gives the offset after it.
  ///
  /// - Returns: `nil` where there is no complete, valid object; `leaves` is of no use then.
  public func read(_ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> Int? {
    found.leaves.removeAll(keepingCapacity: true)
    guard start >= 0, start < bytes.count, bytes.count <= Int(Int32.max),
      bytes[start] == UInt8(ascii: "{")
    else { return nil }
    found.hasAll = true
    var walk = Walk(cursor: JSONCursor(bytes: bytes, index: start))
    // Handed down, so that they are borrowed once and not at every key.
    return walk.container(&names, &found, node: JSONLeafNames.root, depth: 0, isObject: true)
      ? walk.cursor.index : nil
  }

  /// Reads the object that `JSONScanner.firstObject` finds, and gives its offset.
  public func readFirstObject(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let brace = bytes.firstOffset(of: UInt8(ascii: "{")) else { return nil }
    // Nearly always the first brace begins it; what else there is takes the longer way.
    if read(bytes, objectAt: brace) != nil, !found.leaves.isEmpty { return brace }
    guard let object = JSONScanner.firstObject(in: bytes), read(bytes, objectAt: object) != nil
    else { return nil }
    return object
  }

  /// What an object has.
  private struct Found {
    var leaves: [Leaf] = []
    var hasAll = true
  }

  /// A way through one object.
  private struct Walk {
    var cursor: JSONCursor
    var leafCount = 0
    /// The node of the key that was met last.
    var previous = JSONLeafNames.root

    mutating func value(
      _ names: inout JSONLeafNames, _ found: inout Found, node: Int32, depth: Int
    ) -> Bool {
      switch cursor.current {
      case UInt8(ascii: "{"):
        return container(&names, &found, node: node, depth: depth, isObject: true)
      case UInt8(ascii: "["):
        return container(&names, &found, node: node, depth: depth, isObject: false)
      default:
        guard let leaf = cursor.value(depth: depth) else { return false }
        leafCount += 1
        if leafCount > JSONScanner.discoveredFieldLimit || leaf.kind == .null || node < 0 {
          found.hasAll = false
        }
        if leafCount <= JSONScanner.discoveredFieldLimit, leaf.kind != .null, node > 0 {
          found.leaves.append(
            Leaf(
              name: names.name(ofNode: node), kind: leaf.kind,
              start: Int32(truncatingIfNeeded: leaf.range.lowerBound),
              end: Int32(truncatingIfNeeded: leaf.range.upperBound)))
        }
        return true
      }
    }

    mutating func container(
      _ names: inout JSONLeafNames, _ found: inout Found, node: Int32, depth: Int, isObject: Bool
    ) -> Bool {
      guard depth < JSONScanner.depthLimit else { return false }
      let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
      cursor.index += 1
      cursor.skipWhitespace()
      if cursor.skip(close) {
        found.hasAll = false
        return true
      }
      var position = 0
      while true {
        let child: Int32
        if isObject {
          guard let key = cursor.key() else { return false }
          child = names.node(below: node, key: key, of: cursor.bytes, after: previous)
        } else {
          child = names.node(below: node, position: position, after: previous)
          position += 1
        }
        if child > 0 { previous = child }
        guard value(&names, &found, node: child, depth: depth + 1) else { return false }
        cursor.skipWhitespace()
        if cursor.skip(close) { return true }
        guard cursor.skip(UInt8(ascii: ",")) else { return false }
        cursor.skipWhitespace()
      }
    }
  }
}
