/// Reads JSON objects into their leaves (the discovered fields) and validates them.
///
/// Optimized for many objects with few layouts: the text between two values (quotes, commas, keys,
/// braces) is a *gap*, which is parsed once and then recognised by comparing its bytes. Names are
/// interned and identified by number. Not thread-safe.
public final class JSONLeafReader {
  /// A leaf of the object that was read last; nulls are omitted.
  public struct Leaf: Sendable {
    /// A number for `name(_:)`.
    public var name: Int32
    /// The bytes of the value; those of a string are between the quotes.
    public var start: Int32
    public var end: Int32
    public var kind: JSONScanner.Value.Kind
  }

  // Used by one thread, and never both at once; checking exclusivity costs more than the use.
  @exclusivity(unchecked) private var names = JSONLeafNames()
  @exclusivity(unchecked) private var gaps = JSONGaps()
  private let leafBuffer = UnsafeMutableBufferPointer<Leaf>.allocate(
    capacity: JSONScanner.discoveredFieldLimit)
  @exclusivity(unchecked) private var lastRead = LastRead()
  @exclusivity(unchecked) private var expected: Expected?

  /// The results of reading the last object.
  private struct LastRead {
    var leaves = UnsafeBufferPointer<Leaf>(start: nil, count: 0)
    var hasAllLeaves = true
    var end = 0
  }

  /// The leaves of a message that are known before it is read.
  private struct Expected {
    var message: UnsafeBufferPointer<UInt8>
    var object: Int
    var read: LastRead
  }

  public init() {}

  deinit {
    leafBuffer.deallocate()
  }

  /// The leaves of the object that was read last, in document order.
  ///
  /// At most as many as CloudWatch discovers; valid until the next object is read.
  public var leaves: UnsafeBufferPointer<Leaf> { lastRead.leaves }

  /// Whether every key of the object is part of a leaf's name in `leaves`.
  public var hasAllLeaves: Bool { lastRead.hasAllLeaves }

  /// The end of the object.
  public var end: Int { lastRead.end }

  /// Whether keys were left out because there were too many different ones.
  public var hasLeftOutNames: Bool { names.hasLeftOut }

  /// Returns and clears the numbers of the names of values that exceeded the limit of `leaves`.
  public func takeNamesBehindLimit() -> [Int32] { names.takeNamesBehindLimit() }

  /// The number of known names; name numbers are less than it.
  public var nameCount: Int { names.count }

  /// Returns the flattened name with a number, as in `JSONScanner.forEachField`; number 0 is the
  /// empty name.
  public func name(_ number: Int32) -> [UInt8] { names[number] }

  /// Sets the leaves of the first object in the next message, so that it need not be parsed.
  ///
  /// `leaves` are those that `read` would find, at least one. `object` and `end` are the offsets of
  /// the object.
  public func expect(
    _ leaves: UnsafeBufferPointer<Leaf>, hasAllLeaves: Bool, object: Int, end: Int,
    in message: UnsafeBufferPointer<UInt8>
  ) {
    let count = min(leaves.count, leafBuffer.count)
    _ = leafBuffer.update(fromContentsOf: leaves[..<count])
    expected = Expected(
      message: message, object: object,
      read: LastRead(
        leaves: UnsafeBufferPointer(rebasing: leafBuffer[..<count]), hasAllLeaves: hasAllLeaves,
        end: end))
  }

  /// Discards the leaves that `expect` has set.
  public func expectNothing() { expected = nil }

  private func isExpected(_ bytes: UnsafeBufferPointer<UInt8>) -> Expected? {
    guard let expected, expected.message.baseAddress == bytes.baseAddress,
      expected.message.count == bytes.count
    else { return nil }
    return expected
  }

  /// Reads the object at `start`; returns the offset after it.
  ///
  /// - Returns: `nil` if there is no complete, valid object; `leaves` is then invalid.
  public func read(_ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) -> Int? {
    if let expected = isExpected(bytes), expected.object == start {
      lastRead = expected.read
      return expected.read.end
    }
    // Its leaves are about to be overwritten.
    expected = nil
    guard start >= 0, start < bytes.count, bytes.count <= Int(Int32.max),
      bytes[start] == UInt8(ascii: "{")
    else {
      lastRead = LastRead()
      return nil
    }
    var walk = Walk(cursor: JSONCursor(bytes: bytes, index: start), leaves: leafBuffer)
    // Passed down as `inout`, so that exclusive access begins once and not at every key.
    let isWhole = walk.object(&names, &gaps)
    lastRead = LastRead(
      leaves: UnsafeBufferPointer(rebasing: leafBuffer[..<walk.storedCount]),
      hasAllLeaves: walk.hasAll, end: walk.cursor.index)
    return isWhole ? walk.cursor.index : nil
  }

  /// Reads the object that `JSONScanner.firstObject` finds; returns its offset.
  public func readFirstObject(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    if let expected = isExpected(bytes) {
      lastRead = expected.read
      return expected.object
    }
    guard let brace = bytes.firstOffset(of: UInt8(ascii: "{")) else { return nil }
    // Usually the first brace begins the object; the general search handles the rest.
    if read(bytes, objectAt: brace) != nil, !leaves.isEmpty { return brace }
    guard let object = JSONScanner.firstObject(in: bytes), read(bytes, objectAt: object) != nil
    else { return nil }
    return object
  }

  /// A walk through one object, alternating gaps and values.
  private struct Walk {
    var cursor: JSONCursor
    let leaves: UnsafeMutableBufferPointer<Leaf>
    /// The number of leaves written to `leaves`.
    var storedCount = 0
    /// The number of leaves so far, including nulls.
    var leafCount = 0
    var hasAll = true

    mutating func object(_ names: inout JSONLeafNames, _ gaps: inout JSONGaps) -> Bool {
      var place = JSONGaps.start
      // Used if the place is unknown: the containers around the cursor.
      var containers: [JSONGaps.Container] = []
      var kind: JSONScanner.Value.Kind?
      while true {
        let gapStart = cursor.index
        var meaning: JSONGaps.Meaning
        if place >= 0, let known = gaps.gap(after: place, in: cursor) {
          meaning = gaps.meaning(of: known)
          cursor.index += gaps.length(of: known)
        } else {
          if place >= 0 { containers = gaps.containers(at: place) }
          guard
            let read = JSONGaps.read(
              &cursor, &containers, &names, followsString: kind == .string)
          else { return false }
          meaning = read
          gaps.learn(cursor.bytes[gapStart..<cursor.index], meaning, containers, after: place)
          if meaning.kind != .end {
            meaning.place = gaps.knownPlace(of: meaning.node, in: containers)
          }
        }
        hasAll = hasAll && !meaning.hidesKeys
        leafCount += Int(meaning.nullCount)
        guard meaning.kind != .end else { return true }
        place = meaning.place
        let start = cursor.index
        if meaning.kind == .string {
          kind = cursor.restOfString() ? .string : nil
        } else {
          kind = cursor.scalar()
        }
        guard let kind else { return false }
        leafCount += 1
        guard leafCount <= JSONScanner.discoveredFieldLimit, meaning.node > 0, kind != .null else {
          hasAll = false
          if leafCount > JSONScanner.discoveredFieldLimit, kind != .null {
            names.noteBehindLimit(meaning.name)
          }
          continue
        }
        leaves[storedCount] = Leaf(
          name: meaning.name, start: Int32(truncatingIfNeeded: start),
          end: Int32(truncatingIfNeeded: cursor.index), kind: kind)
        storedCount += 1
      }
    }
  }
}
