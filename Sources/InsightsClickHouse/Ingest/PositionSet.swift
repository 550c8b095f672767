/// A set of positions of events, as a bit set over a range.
struct PositionSet {
  private let first: Int64
  private var words: [UInt64]
  private(set) var count = 0

  init(_ range: ClosedRange<Int64>) {
    first = range.lowerBound
    words = [UInt64](repeating: 0, count: range.count / 64 + 1)
  }

  func contains(_ position: Int64) -> Bool {
    let (word, bit) = place(of: position)
    return words.indices.contains(word) && words[word] & bit != 0
  }

  /// Inserts a position within the range.
  mutating func insert(_ position: Int64) {
    let (word, bit) = place(of: position)
    guard words.indices.contains(word), words[word] & bit == 0 else { return }
    words[word] |= bit
    count += 1
  }

  private func place(of position: Int64) -> (word: Int, bit: UInt64) {
    let offset = Int(position - first)
    return (offset >> 6, 1 << UInt64(offset & 63))
  }
}
