/// Joins shapes that differ only in words that vary: the longest-common-pattern clustering of Brain
/// (Yu et al., IEEE TSC 2023), over shapes instead of lines.
///
/// Shapes with the same number of words are compared place by place. In each shape, the words that
/// occur equally often at their places, the most of them, are its *root*; shapes with the same root
/// belong together. Inside such a group, a place with few different words splits it again, and a
/// place with many is a token.
struct ShapeMerging {
  /// A place with at least so many different words is a token.
  private static let variety = 5
  /// How often a group is split at most; limits the work on hostile input.
  private static let depthLimit = 8

  /// Shapes that make one pattern, ascending.
  typealias Cluster = [Int]

  private let counts: [Int]
  /// The words of each shape, by number.
  private var words: [[Int32]] = []
  /// Whether a word contains a mark.
  private var hasMark: [Bool] = []
  /// Whether a word begins with a mark.
  private var startsWithMark: [Bool] = []
  private var clusters: [Cluster] = []

  static func clusters(of shapes: ByteTable, counts: [Int]) -> [Cluster] {
    var merging = ShapeMerging(of: shapes, counts: counts)
    merging.run()
    return merging.clusters
  }

  private init(of shapes: ByteTable, counts: [Int]) {
    self.counts = counts
    var table = ByteTable()
    words.reserveCapacity(shapes.count)
    for number in 0..<shapes.count {
      shapes.withBytes(of: number) { bytes in
        words.append(
          wordRanges(of: bytes).map { range in
            let word = UnsafeBufferPointer(rebasing: bytes[range])
            let number = table.insert(word)
            if number == hasMark.count {
              hasMark.append(word.contains(where: LineShape.isMark))
              startsWithMark.append(word.first.map(LineShape.isMark) ?? false)
            }
            return Int32(truncatingIfNeeded: number)
          })
      }
    }
  }

  private mutating func run() {
    let groups = Dictionary(grouping: words.indices) { words[$0].count }
    for wordCount in groups.keys.sorted() {
      let group = groups[wordCount] ?? []
      let roots = Dictionary(grouping: group, by: rootFinder(for: group, wordCount: wordCount))
      for group in roots.values.sorted(by: { $0[0] < $1[0] }) { split(group, depth: 0) }
    }
  }

  // MARK: Roots

  private struct Place: Hashable {
    var position: Int32
    var word: Int32
  }

  /// Gives the root of a shape of the group: its words and their positions.
  private func rootFinder(for group: [Int], wordCount: Int) -> (Int) -> [Place] {
    var frequencies: [Place: Int] = [:]
    for shape in group {
      for (position, word) in words[shape].enumerated() {
        frequencies[Place(position: Int32(position), word: word), default: 0] += counts[shape]
      }
    }
    return { shape in
      let places = words[shape].enumerated().compactMap { position, word in
        startsWithMark[Int(word)] ? nil : Place(position: Int32(position), word: word)
      }
      let sorted = places.map { frequencies[$0] ?? 0 }.sorted(by: >)
      var best = (length: 0, frequency: 0)
      var start = 0
      while start < sorted.count {
        var end = start
        while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
        if end - start > best.length { best = (end - start, sorted[start]) }
        start = end
      }
      return places.filter { frequencies[$0] == best.frequency }
    }
  }

  // MARK: Splits

  private mutating func split(_ group: [Int], depth: Int) {
    guard group.count > 1, depth < Self.depthLimit, let position = dividingPosition(of: group)
    else {
      clusters.append(group)
      return
    }
    let parts = Dictionary(grouping: group) { words[$0][position] }
    for part in parts.values.sorted(by: { $0[0] < $1[0] }) { split(part, depth: depth + 1) }
  }

  /// The place with the fewest different words, if they are few enough to be constants.
  private func dividingPosition(of group: [Int]) -> Int? {
    var best: (variety: Int, position: Int)?
    for position in words[group[0]].indices {
      var distinct: [Int32] = []
      for shape in group where !distinct.contains(words[shape][position]) {
        distinct.append(words[shape][position])
        if distinct.count >= Self.variety { break }
      }
      guard distinct.count > 1, distinct.count < Self.variety,
        distinct.count < best?.variety ?? Self.variety,
        // Words that vary in themselves are mostly values.
        distinct.count(where: { hasMark[Int($0)] }) * 2 <= distinct.count
      else { continue }
      best = (distinct.count, position)
    }
    return best?.position
  }
}

/// The ranges of a shape's words; at least one.
func wordRanges(of shape: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
  var ranges: [Range<Int>] = []
  var start = 0
  for index in shape.indices where LineShape.isBorder(shape[index]) {
    ranges.append(start..<index)
    start = index + 1
  }
  ranges.append(start..<shape.count)
  return ranges
}
