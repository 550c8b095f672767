/// Joins shapes that differ only in words that vary: the longest-common-pattern clustering of Brain
/// (Yu et al., IEEE TSC 2023), applied to shapes instead of lines.
///
/// Shapes with the same number of words are compared position by position. The *root* of a shape is
/// the largest set of its words that occur equally often at their positions; shapes with the same
/// root form a group. Within a group, a position with few different words splits it again, and a
/// position with many is a token.
struct ShapeMerging {
  /// A position with at least this many different words is a token.
  private static let variety = 5
  /// The same for the first word that is not a mark, which usually names the subject of the line.
  private static let headVariety = 16
  /// The maximum number of times a group is split; limits the work on hostile input.
  private static let depthLimit = 8

  /// The shapes that form one pattern, ascending.
  typealias Cluster = [Int]

  private let counts: [Int]
  /// The words of each shape, by number.
  private var words: [[Int32]] = []
  /// The traits of each word, by its number.
  private var traits: [WordTraits] = []
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
            if number == traits.count { traits.append(WordTraits(word)) }
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

  /// Returns a function that finds the root of a shape of the group: its words and their positions.
  private func rootFinder(for group: [Int], wordCount: Int) -> (Int) -> [Place] {
    var frequencies: [Place: Int] = [:]
    for shape in group {
      for (position, word) in words[shape].enumerated() {
        frequencies[Place(position: Int32(position), word: word), default: 0] += counts[shape]
      }
    }
    return { shape in
      let places = words[shape].enumerated().compactMap { position, word in
        traits[Int(word)].startsWithMark ? nil : Place(position: Int32(position), word: word)
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

  /// Returns the position with the fewest different words, if they are few enough to be constants.
  private func dividingPosition(of group: [Int]) -> Int? {
    var best: (variety: Int, position: Int)?
    let head = words[group[0]].firstIndex { !traits[Int($0)].startsWithMark }
    for position in words[group[0]].indices {
      let variety = position == head ? Self.headVariety : Self.variety
      var distinct: [Int32] = []
      for shape in group where !distinct.contains(words[shape][position]) {
        distinct.append(words[shape][position])
        if distinct.count >= variety { break }
      }
      guard distinct.count > 1, distinct.count < variety,
        distinct.count < best?.variety ?? variety, !areValues(distinct)
      else { continue }
      best = (distinct.count, position)
    }
    return best?.position
  }

  /// Whether the different words at a position are values rather than names.
  private func areValues(_ distinct: [Int32]) -> Bool {
    let traits = distinct.map { self.traits[Int($0)] }
    return traits.count(where: \.isValue) * 2 > traits.count
      || traits.contains(where: \.isPair)
      || traits.count >= Self.variety && !traits.allSatisfy(\.isPlain)
  }
}

/// Properties of a word, derived from its bytes.
struct WordTraits {
  /// Whether it begins with a mark.
  let startsWithMark: Bool
  /// Whether it contains a mark, or is an empty value: `()`, `""`, `-`.
  let isValue: Bool
  /// Whether it is a key followed by a mark, such as `rhost=` and an address; other words at its
  /// position are then values of the key.
  let isPair: Bool
  /// Whether it is a name of letters, in at most three parts.
  let isPlain: Bool

  init(_ word: UnsafeBufferPointer<UInt8>) {
    startsWithMark = word.first.map(LineShape.isMark) ?? false
    isValue =
      word.contains(where: LineShape.isMark) || word.allSatisfy(Self.emptyPlace.contains)
    isPair = Self.isPair(word)
    isPlain =
      word.count { $0 == UInt8(ascii: ".") } <= 2
      && word.allSatisfy {
        let byteClass = ByteClass($0)
        return byteClass == .letter || byteClass == .hexLetter || byteClass == .joiner
      }
  }

  private static let emptyPlace = Array("()[]{}<>\"'`-".utf8)

  private static func isPair(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let separator = word.firstIndex(where: { ByteClass($0) == .punctuation }), separator > 0,
      word[separator] == UInt8(ascii: "=") || word[separator] == UInt8(ascii: ":"),
      !word[..<separator].contains(where: LineShape.isMark)
    else { return false }
    let value = word[(separator + 1)...]
    return value.first.map(LineShape.isMark) ?? false
      && value.dropFirst().allSatisfy { ByteClass($0) == .punctuation }
  }
}

/// Returns the ranges of a shape's words; at least one.
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
