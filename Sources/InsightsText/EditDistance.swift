/// Edit distance between names, and suggestions for misspelt ones.
public enum EditDistance {
  private static let suggestionLimit = 3
  /// Longer names get no suggestion: the cost grows with the square of the length.
  private static let nameLengthLimit = 128

  /// Returns at most three names that `name` may be a misspelling of, the likeliest first.
  ///
  /// Case is ignored. Names that begin with `name` come first, then those within one edit for up to
  /// 4 letters, two for up to 8, three above, nearest first; ties keep the given order.
  public static func suggestions(
    for name: String, among candidates: some Sequence<String>
  ) -> [String] {
    let wanted = folded(name)
    guard !wanted.isEmpty, wanted.count <= nameLengthLimit else { return [] }
    let limit = wanted.count <= 4 ? 1 : wanted.count <= 8 ? 2 : 3

    var found: [(rank: Int, name: String)] = []
    var seen: Set<String> = [name]
    for candidate in candidates where seen.insert(candidate).inserted {
      let letters = folded(candidate)
      if letters == wanted {
        found.append((-2, candidate))
      } else if wanted.count >= 2, letters.starts(with: wanted) {
        found.append((-1, candidate))
      } else if abs(letters.count - wanted.count) <= limit {
        let distance = distance(wanted, letters)
        // With as many edits as letters a name would be replaced, not corrected.
        if distance <= limit, distance < wanted.count { found.append((distance, candidate)) }
      }
    }
    // Swift's sort is not guaranteed to be stable, so ties are broken by position.
    return found.enumerated()
      .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .prefix(suggestionLimit).map(\.element.name)
  }

  private static func folded(_ name: String) -> [Unicode.Scalar] {
    Array(name.lowercased().unicodeScalars)
  }

  /// Returns the number of insertions, deletions, replacements and swaps of neighbours that turn
  /// one name into the other.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in 0..<right.count {
        let isSame = left[row] == right[column]
        var best = min(
          previous[column + 1] + 1, current[column] + 1, previous[column] + (isSame ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforePrevious[column - 1] + 1)
        }
        current.append(best)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
