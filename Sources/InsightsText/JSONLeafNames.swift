/// The names of JSON leaves, as a tree of keys; each node has a number.
struct JSONLeafNames {
  /// The limit of nodes, as a defence against hostile input.
  private static let nodeLimit = 100_000
  static let root: Int32 = 0

  /// Whether keys were dropped because the limit was reached.
  private(set) var hasLeftOut = false

  /// The numbers of names of values that exceed the limit on leaves.
  private var behindLimit: [Int32] = []
  /// For each number of a name, whether it is in `behindLimit`.
  private var isBehindLimit: [Bool] = []

  /// The number of each node's name.
  private var nodeNames: [Int32] = [0]
  private var nodesByHash: [UInt64: Int32] = [:]
  private var names: [[UInt8]] = [[]]
  private var namesByBytes: [[UInt8]: Int32] = [[]: 0]

  /// The number of known names; name numbers are less than it.
  var count: Int { names.count }

  /// The flattened name with a number; number 0 is the empty name.
  subscript(number: Int32) -> [UInt8] { names[Int(number)] }

  /// Records that a value with this name exceeds the limit on leaves.
  mutating func noteBehindLimit(_ name: Int32) {
    guard name > 0 else { return }
    while isBehindLimit.count <= Int(name) { isBehindLimit.append(false) }
    if isBehindLimit[Int(name)] { return }
    isBehindLimit[Int(name)] = true
    behindLimit.append(name)
  }

  mutating func takeNamesBehindLimit() -> [Int32] {
    for name in behindLimit { isBehindLimit[Int(name)] = false }
    defer { behindLimit = [] }
    return behindLimit
  }

  /// Returns the number of a node's name.
  func name(ofNode node: Int32) -> Int32 { nodeNames[Int(node)] }

  /// Returns the node of a key below `parent`; -1 beyond the limit, or if `parent` is -1.
  mutating func node(
    below parent: Int32, key: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>
  ) -> Int32 {
    guard parent >= 0 else { return -1 }
    let raw = UnsafeBufferPointer(rebasing: bytes[key])
    if raw.firstOffset(of: UInt8(ascii: "\\")) == nil { return node(below: parent, key: raw) }
    var text: [UInt8] = []
    JSONScanner.appendUnescaped(key, of: bytes, to: &text)
    return text.withUnsafeBufferPointer { node(below: parent, key: $0) }
  }

  /// Returns the node of an array element below `parent`; -1 beyond the limit, or if `parent` is
  /// -1.
  mutating func node(below parent: Int32, position: Int) -> Int32 {
    guard parent >= 0 else { return -1 }
    // Elements after the last one that can become a field need no name.
    guard position < JSONScanner.discoveredFieldLimit else { return -1 }
    let key = Array(String(position).utf8)
    return key.withUnsafeBufferPointer { node(below: parent, key: $0) }
  }

  private mutating func node(below parent: Int32, key: UnsafeBufferPointer<UInt8>) -> Int32 {
    var contentHash = ContentHash()
    contentHash.update(key)
    let hash = contentHash.value.low &+ UInt64(parent) &* 0x9E37_79B9_7F4A_7C15
    if let known = nodesByHash[hash] { return known }
    guard nodeNames.count < JSONLeafNames.nodeLimit else {
      hasLeftOut = true
      return -1
    }
    let node = Int32(nodeNames.count)
    nodeNames.append(name(below: parent, key: key))
    nodesByHash[hash] = node
    return node
  }

  private mutating func name(below parent: Int32, key: UnsafeBufferPointer<UInt8>) -> Int32 {
    var name: [UInt8] = []
    if parent == JSONLeafNames.root {
      if key.first == UInt8(ascii: "@") { name.append(UInt8(ascii: "@")) }
    } else {
      name = names[Int(nodeNames[Int(parent)])]
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
