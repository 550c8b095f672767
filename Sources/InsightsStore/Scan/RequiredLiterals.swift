internal import InsightsText

/// Texts of which every match of a regular expression must contain one, as far as a simple look at
/// the pattern tells: the longest of each alternative.
///
///     RequiredLiterals(ofPattern: "user=\\d+ action|refused")   // " action", "refused"
struct RequiredLiterals {
  /// Empty where nothing is certain.
  private(set) var searches: [LiteralSearch] = []
  /// Whether the pattern is nothing but the one text.
  private(set) var isWhole = false

  private static let alternativeLimit = 16

  init(ofPattern pattern: String) {
    var pattern = Array(pattern.utf8)
    let special = Array("\\^$.|?*+()[]{}#".utf8)
    if !pattern.contains(where: { special.contains($0) || $0 >= 0x80 || $0 < 0x20 }) {
      searches = LiteralSearch(pattern).map { [$0] } ?? []
      isWhole = true
      return
    }
    let ignoresCase = pattern.starts(with: Array("(?i)".utf8))
    if ignoresCase { pattern.removeFirst(4) }
    guard let runs = Self.longestRuns(of: pattern), runs.count <= Self.alternativeLimit,
      runs.allSatisfy({ $0.count > 1 })
    else { return }
    let searches = runs.compactMap { LiteralSearch($0, ignoresCase: ignoresCase) }
    if searches.count == runs.count { self.searches = searches }
  }

  /// The longest run of plain characters of each alternative.
  ///
  /// Looks only at what stands outside groups and classes; `nil` where an option could change what
  /// it means.
  private static func longestRuns(of pattern: [UInt8]) -> [[UInt8]]? {
    var runs: [[UInt8]] = []
    var best: [UInt8] = []
    var run: [UInt8] = []
    func end() {
      if run.count > best.count { best = run }
      run = []
    }
    var position = 0
    var depth = 0
    while position < pattern.count {
      let byte = pattern[position]
      let next = position + 1 < pattern.count ? pattern[position + 1] : 0
      position += 1
      switch byte {
      case UInt8(ascii: "\\"):
        position += 1
        // An escaped sign is itself; a letter or digit is a class, an assertion or a reference
        // whose length we do not follow, but for the plain classes.
        guard position <= pattern.count else { return nil }
        let isSign = next < 0x80 && !Self.isAlphanumeric(next)
        if !isSign, !"dDwWsSbBnrt".utf8.contains(next) { return nil }
        if depth > 0 { continue }
        if isSign { run.append(next) } else { end() }
      case UInt8(ascii: "("):
        // `(?:`, `(?<name>` and `(?P<name>` change nothing outside; options, conditions and
        // comments may.
        if next == UInt8(ascii: "*") { return nil }
        if next == UInt8(ascii: "?") {
          let kind = position + 1 < pattern.count ? pattern[position + 1] : 0
          guard ":<P=!".utf8.contains(kind) else { return nil }
        }
        if depth == 0 { end() }
        depth += 1
      case UInt8(ascii: ")"):
        depth -= 1
        if depth < 0 { return nil }
      case UInt8(ascii: "["):
        if depth == 0 { end() }
        // The class ends at the first `]` that is not its first character.
        if position < pattern.count, pattern[position] == UInt8(ascii: "^") { position += 1 }
        if position < pattern.count, pattern[position] == UInt8(ascii: "]") { position += 1 }
        while position < pattern.count, pattern[position] != UInt8(ascii: "]") {
          if pattern[position] == UInt8(ascii: "[") { return nil }
          position += pattern[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
      case UInt8(ascii: "|"):
        guard depth == 0 else { continue }
        end()
        runs.append(best)
        best = []
      case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "{"):
        guard depth == 0 else { continue }
        // What stands before may be missing.
        if !run.isEmpty { run.removeLast() }
        end()
        if byte == UInt8(ascii: "{") {
          while position < pattern.count, pattern[position] != UInt8(ascii: "}") { position += 1 }
          position += 1
        }
      case UInt8(ascii: "+"):
        if depth == 0 { end() }
      case UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "$"):
        if depth == 0 { end() }
      default:
        guard depth == 0 else { continue }
        // A quantifier after a character of several bytes would take all of them.
        if byte < 0x80 { run.append(byte) } else { end() }
      }
    }
    guard depth == 0 else { return nil }
    end()
    return runs + [best]
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }
}
