/// The names of JSON leaves: a tree of keys, each known by the number of its node.
struct JSONLeafNames {
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
  static let root: Int32 = 0

  /// Whether keys were left out because there were too many different ones.
  private(set) var hasLeftOut = false

  private var nodes = [Node(parent: -1, keyStart: 0, keyLength: 0, successor: 0, name: 0)]
  private var keys: [UInt8] = []
  private var nodesByHash: [UInt64: Int32] = [:]
  private var names: [[UInt8]] = [[]]
  private var namesByBytes: [[UInt8]: Int32] = [[]: 0]
  private var unescapedKey: [UInt8] = []

  /// Names known so far; their numbers are below.
  var count: Int { names.count }

  /// The flattened name with a number; 0 is the empty one.
  subscript(number: Int32) -> [UInt8] { names[Int(number)] }

  /// The number of a node's name.
  func name(ofNode node: Int32) -> Int32 { nodes[Int(node)].name }

  /// The node of a key below `parent`; -1 where there are too many, or `parent` is -1.
  mutating func node(
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

  /// The same of an element of an array.
  mutating func node(below parent: Int32, position: Int, after previous: Int32) -> Int32 {
    guard parent >= 0 else { return -1 }
    // Elements after the last one that can be a field need no name.
    guard position < JSONScanner.discoveredFieldLimit else { return -1 }
    let key = Array(String(position).utf8)
    return key.withUnsafeBufferPointer { node(below: parent, key: $0, after: previous) }
  }

  private mutating func node(
    below parent: Int32, key: UnsafeBufferPointer<UInt8>, after previous: Int32
  ) -> Int32 {
    var contentHash = ContentHash()
    contentHash.update(key)
    let hash = contentHash.value.low &+ UInt64(parent) &* 0x9E37_79B9_7F4A_7C15
    let found: Int32
    if let known = nodesByHash[hash] {
      found = known
    } else {
      guard nodes.count < JSONLeafNames.nodeLimit else {
        hasLeftOut = true
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

  private mutating func name(below parent: Int32, key: UnsafeBufferPointer<UInt8>) -> Int32 {
    var name: [UInt8] = []
    if parent == JSONLeafNames.root {
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
