/// Counts rows by the hash of their group keys, up to three, to exclude groups with too few rows.
///
/// The table has a fixed size, with two bits per slot. Keys that share a slot are counted together,
/// so a group may be overestimated, but never underestimated.
final class KeyCounts {
  private static let greatest: UInt64 = 3

  private let leastRowCount: UInt64
  private var words: [UInt64]
  /// The keys that are confirmed to be frequent; all others are not.
  private var confirmed: Set<UInt64>?

  /// Prepares counts for a number of rows; `leastRowCount`, the minimum size of a group, must be
  /// more than one.
  init(rowCount: Int, leastRowCount: Int) {
    self.leastRowCount = min(UInt64(leastRowCount), KeyCounts.greatest)
    // Two to four slots for each row, in at most 64 MB.
    var wordCount = 1 << 10
    while wordCount * 32 < rowCount * 2, wordCount < 1 << 23 { wordCount *= 2 }
    words = Array(repeating: 0, count: wordCount)
  }

  /// The memory in bytes.
  var byteCount: Int { words.count * 8 }

  @inline(__always)
  private func place(of hash: UInt64) -> (word: Int, shift: UInt64) {
    (Int(truncatingIfNeeded: hash >> 5) & (words.count - 1), (hash & 31) * 2)
  }

  func add(_ hashes: [UInt64]) {
    // A local copy, since each access to a property of an object checks exclusivity.
    var words: [UInt64] = []
    swap(&words, &self.words)
    let mask = words.count - 1
    for hash in hashes {
      let word = Int(truncatingIfNeeded: hash >> 5) & mask
      let shift = (hash & 31) * 2
      if words[word] >> shift & 3 < KeyCounts.greatest { words[word] += 1 << shift }
    }
    swap(&words, &self.words)
  }

  /// Adds the counts of another part, which has the same size.
  func merge(_ other: KeyCounts) {
    for index in words.indices {
      var sums: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 2) {
        let sum = (words[index] >> shift & 3) + (other.words[index] >> shift & 3)
        sums |= min(sum, KeyCounts.greatest) << shift
      }
      words[index] = sums
    }
  }

  /// Determines the keys that really are frequent; `hashes` are all that were added, in parts.
  func confirm(among hashes: [[UInt64]]) {
    var candidates = hashes.flatMap { $0.filter(isFrequent) }
    candidates.sort()
    var confirmed: Set<UInt64> = []
    var start = 0
    for index in candidates.indices where candidates[index] != candidates[start] {
      if index - start >= leastRowCount { confirmed.insert(candidates[start]) }
      start = index
    }
    if candidates.count - start >= leastRowCount, start < candidates.count {
      confirmed.insert(candidates[start])
    }
    self.confirmed = confirmed
  }

  /// Returns false only if fewer rows have the key than a group needs.
  func isFrequent(_ hash: UInt64) -> Bool {
    if let confirmed { return confirmed.contains(hash) }
    let (word, shift) = place(of: hash)
    return words[word] >> shift & 3 >= leastRowCount
  }

  /// Returns a hash of the keys of each row; rows of one group have the same.
  static func hashes(of keys: [CellVector], count: Int) -> [UInt64] {
    var hashes = [UInt64](repeating: 0, count: count)
    func add(_ hash: UInt64, at index: Int) {
      hashes[index] = (hashes[index] &* 0x9E37_79B9_7F4A_7C15 ^ hash) &* 0xE703_7ED1_A0B4_28DB
    }
    for key in keys {
      switch key {
      case .constant(let cell):
        let hash = cell.normalized.hash
        for index in 0..<count { add(hash, at: index) }
      case .dictionary(let codes, let values) where values.count <= count:
        let known = values.map(\.normalized.hash)
        for index in 0..<count { add(known[Int(codes[index])], at: index) }
      default: key.forEach(count: count) { add($1.normalized.hash, at: $0) }
      }
    }
    // The upper bits are of better quality.
    return hashes.map { $0 >> 20 }
  }
}
