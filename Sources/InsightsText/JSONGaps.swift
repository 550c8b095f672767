/// Learns the text between the values of JSON objects.
///
/// A *place* is a leaf's node within its containers, where a value has just been read. A *gap* is
/// the text from a place to the next value, or to the end of the object. The number of gaps is
/// limited; beyond the limit they are parsed each time.
struct JSONGaps {
  /// An open container.
  struct Container: Equatable {
    var node: Int32
    var isObject: Bool
    /// The number of elements of an array so far.
    var position: Int32
  }

  /// The meaning of a gap: the token that follows it.
  struct Meaning {
    /// A string, whose opening quote belongs to the gap; another scalar; or the end of the object.
    enum Kind: UInt8 { case string, scalar, end }

    var kind: Kind
    /// Whether the gap contains keys that no leaf has: those of nulls and empty containers.
    var hidesKeys = false
    /// The number of nulls in the gap.
    var nullCount: Int32 = 0
    /// The leaf's node; -1 beyond the limit of nodes.
    var node: Int32 = -1
    /// The number of the leaf's name.
    var name: Int32 = 0
    /// The place after the leaf; -1 if unknown.
    var place: Int32 = -1
  }

  private struct Gap {
    /// The gap's range in `text`.
    var start: Int32
    var length: Int32
    /// Another gap that may follow the same place; -1 for none.
    var next: Int32
    var meaning: Meaning
  }

  private struct Place {
    /// The most recently used gap; -1 for none.
    var firstGap: Int32 = -1
    var gapCount: Int32 = 0
    var containers: [Container]
  }

  /// The place before an object.
  static let start: Int32 = 0

  private static let gapLimit = 1 << 14
  private static let gapsPerPlaceLimit = 64
  private static let gapLengthLimit = 1024

  private var gaps: [Gap] = []
  private var places = [Place(containers: [])]
  private var placesByNode: [Int32: [Int32]] = [:]
  private var text: [UInt8] = []

  func meaning(of gap: Int32) -> Meaning { gaps[Int(gap)].meaning }
  func length(of gap: Int32) -> Int { Int(gaps[Int(gap)].length) }
  func containers(at place: Int32) -> [Container] { places[Int(place)].containers }

  /// Returns the known gap at the cursor; `nil` if there is none.
  mutating func gap(after place: Int32, in cursor: JSONCursor) -> Int32? {
    let first = places[Int(place)].firstGap
    var gap = first
    var previous: Int32 = -1
    while gap >= 0 {
      let candidate = gaps[Int(gap)]
      if stands(candidate, in: cursor) {
        if previous >= 0 {
          // Move the most recent gap to the front.
          gaps[Int(previous)].next = candidate.next
          gaps[Int(gap)].next = first
          places[Int(place)].firstGap = gap
        }
        return gap
      }
      previous = gap
      gap = candidate.next
    }
    return nil
  }

  private func stands(_ gap: Gap, in cursor: JSONCursor) -> Bool {
    let end = cursor.index + Int(gap.length)
    guard end <= cursor.bytes.count else { return false }
    let isEqual = text.withUnsafeBytes {
      JSONGaps.areEqual(
        UnsafeRawBufferPointer(rebasing: $0[Int(gap.start)..<Int(gap.start + gap.length)]),
        UnsafeRawBufferPointer(
          rebasing: UnsafeRawBufferPointer(cursor.bytes)[cursor.index..<end]))
    }
    guard isEqual, gap.meaning.kind == .scalar else { return isEqual }
    // Before a null, a container or a string this may be the beginning of a longer gap.
    guard end < cursor.bytes.count else { return false }
    switch cursor.bytes[end] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "t"),
      UInt8(ascii: "f"):
      return true
    default: return false
    }
  }

  /// Whether two texts of the same length are equal; faster than calling `memcmp`.
  @inline(__always)
  private static func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer)
    -> Bool
  {
    let count = one.count
    guard count >= 8 else {
      for index in 0..<count where one[index] != other[index] { return false }
      return true
    }
    var index = 0
    while index < count - 8 {
      if word(one, index) != word(other, index) { return false }
      index += 8
    }
    return word(one, count - 8) == word(other, count - 8)
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
  }

  // MARK: Learning

  /// Adds a gap with its meaning; `containers` are open after it.
  mutating func learn(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ meaning: Meaning, _ containers: [Container],
    after place: Int32
  ) {
    guard place >= 0, gaps.count < JSONGaps.gapLimit, bytes.count <= JSONGaps.gapLengthLimit,
      places[Int(place)].gapCount < JSONGaps.gapsPerPlaceLimit,
      meaning.kind == .end || meaning.node > 0
    else { return }
    var meaning = meaning
    if meaning.kind != .end { meaning.place = self.place(of: meaning.node, in: containers) }
    let gap = Int32(gaps.count)
    gaps.append(
      Gap(
        start: Int32(text.count), length: Int32(bytes.count), next: places[Int(place)].firstGap,
        meaning: meaning))
    text.append(contentsOf: bytes)
    places[Int(place)].firstGap = gap
    places[Int(place)].gapCount += 1
  }

  /// Returns the place after a leaf within these containers; -1 if it is unknown.
  func knownPlace(of node: Int32, in containers: [Container]) -> Int32 {
    placesByNode[node, default: []].first { places[Int($0)].containers == containers } ?? -1
  }

  private mutating func place(of node: Int32, in containers: [Container]) -> Int32 {
    let known = knownPlace(of: node, in: containers)
    guard known < 0 else { return known }
    let place = Int32(places.count)
    places.append(Place(containers: containers))
    placesByNode[node, default: []].append(place)
    return place
  }

  // MARK: Reading

  /// Parses the gap at the cursor, inside `containers`; `nil` if the text is not valid JSON.
  ///
  /// Without containers an object begins. Otherwise a value has ended; after a string
  /// (`followsString`) the cursor is before its closing quote.
  static func read(
    _ cursor: inout JSONCursor, _ containers: inout [Container], _ names: inout JSONLeafNames,
    followsString: Bool
  ) -> Meaning? {
    var meaning = Meaning(kind: .end)
    var node = JSONLeafNames.root
    var hasValue = containers.isEmpty
    if followsString, !cursor.skip(UInt8(ascii: "\"")) { return nil }
    while true {
      if !hasValue {
        guard let last = containers.last else { return meaning }
        cursor.skipWhitespace()
        if cursor.skip(last.close) {
          containers.removeLast()
          continue
        }
        guard cursor.skip(UInt8(ascii: ",")) else { return nil }
        cursor.skipWhitespace()
        guard let child = member(&cursor, &containers, &names) else { return nil }
        node = child
      }
      hasValue = false
      switch cursor.current {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard containers.count < JSONScanner.depthLimit else { return nil }
        let container = Container(
          node: node, isObject: cursor.current == UInt8(ascii: "{"), position: 0)
        cursor.index += 1
        cursor.skipWhitespace()
        if cursor.skip(container.close) {
          meaning.hidesKeys = true
          continue
        }
        containers.append(container)
        guard let child = member(&cursor, &containers, &names) else { return nil }
        node = child
        hasValue = true
      case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "I"):
        guard cursor.scalar() == .null else { return nil }
        meaning.hidesKeys = true
        meaning.nullCount += 1
      default:
        meaning.kind = cursor.skip(UInt8(ascii: "\"")) ? .string : .scalar
        meaning.node = node
        if node > 0 { meaning.name = names.name(ofNode: node) }
        return meaning
      }
    }
  }

  /// Advances past a member's key, or counts an element; returns the node of the value that
  /// follows.
  private static func member(
    _ cursor: inout JSONCursor, _ containers: inout [Container], _ names: inout JSONLeafNames
  ) -> Int32? {
    let last = containers.count - 1
    if containers[last].isObject {
      guard let key = cursor.key() else { return nil }
      return names.node(below: containers[last].node, key: key, of: cursor.bytes)
    }
    defer { containers[last].position += 1 }
    return names.node(below: containers[last].node, position: Int(containers[last].position))
  }
}

extension JSONGaps.Container {
  /// The byte that closes the container.
  fileprivate var close: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }
}
