internal import InsightsText

/// Literals of which every match of a regular expression contains at least one.
///
/// A simple analysis finds the longest literal of each alternative.
///
///     RequiredLiterals(ofPattern: "user=\\d+ action|refused")   // " action", "refused"
///     RequiredLiterals(ofPattern: "\\b(Throttling|Limit)Exc")    // "Throttling", "Limit"
struct RequiredLiterals {
  /// Empty if nothing is certain.
  private(set) var searches: [LiteralSearch] = []
  /// For each literal, whether it is a whole alternative of the pattern, so that every text that
  /// contains it matches.
  private(set) var isWhole: [Bool] = []

  private static let alternativeLimit = 16

  init(ofPattern pattern: String) {
    var pattern = Array(pattern.utf8)
    let special = Array("\\^$.|?*+()[]{}#".utf8)
    if !pattern.contains(where: { special.contains($0) || $0 >= 0x80 || $0 < 0x20 }) {
      searches = LiteralSearch(pattern).map { [$0] } ?? []
      isWhole = searches.map { _ in true }
      return
    }
    let ignoresCase = pattern.starts(with: Array("(?i)".utf8))
    if ignoresCase { pattern.removeFirst(4) }
    guard let runs = Self.bestRuns(of: pattern[...]), runs.count <= Self.alternativeLimit,
      runs.allSatisfy({ $0.bytes.count > 1 })
    else { return }
    let searches = runs.compactMap { LiteralSearch($0.bytes, ignoresCase: ignoresCase) }
    guard searches.count == runs.count else { return }
    self.searches = searches
    isWhole = zip(runs, searches).map { run, search in
      run.isWhole && search.isExact && search.bytes.count == run.bytes.count
    }
  }

  /// A run of plain characters in a pattern.
  private struct Run {
    var bytes: [UInt8] = []
    /// Whether the run is a whole alternative.
    var isWhole = false
  }

  /// The maximum depth of nested groups.
  private static let depthLimit = 8

  /// Returns runs of plain characters of which every match contains one; each alternative
  /// contributes its best.
  ///
  /// That is its longest run, or the literals of a group, whichever is longer. Character classes
  /// are not analysed. `nil` if an option could change the meaning.
  private static func bestRuns(of pattern: ArraySlice<UInt8>, depth: Int = 0) -> [Run]? {
    var alternatives: [Run] = []
    var best = [Run()]
    var run: [UInt8] = []
    var isPlain = true
    func offer(_ runs: [Run]) {
      func length(_ runs: [Run]) -> Int { runs.map(\.bytes.count).min() ?? 0 }
      if length(runs) > length(best) { best = runs }
    }
    func end() {
      isPlain = false
      offer([Run(bytes: run)])
      run = []
    }
    func endAlternative() {
      let isWhole = isPlain
      end()
      if isWhole { best[0].isWhole = true }
      alternatives += best
      best = [Run()]
      isPlain = true
    }
    var position = pattern.startIndex
    while position < pattern.endIndex {
      let byte = pattern[position]
      let next = position + 1 < pattern.endIndex ? pattern[position + 1] : 0
      position += 1
      switch byte {
      case UInt8(ascii: "\\"):
        position += 1
        // An escaped punctuation mark is literal. An escaped letter or digit is a class, an
        // assertion or a reference of unknown length, except for the simple classes.
        guard position <= pattern.endIndex else { return nil }
        let isSign = next < 0x80 && !Self.isAlphanumeric(next)
        if !isSign, !"dDwWsSbBnrt".utf8.contains(next) { return nil }
        if isSign { run.append(next) } else { end() }
      case UInt8(ascii: "("):
        end()
        guard let group = Group(at: position, in: pattern) else { return nil }
        position = group.end + 1
        let quantifier = position < pattern.endIndex ? pattern[position] : 0
        // Other groups must be valid, too: options in them could change the meaning.
        let runs =
          depth < depthLimit ? bestRuns(of: pattern[group.content], depth: depth + 1) : [Run()]
        guard let runs else { return nil }
        if group.isRequired, !"?*{".utf8.contains(quantifier) {
          offer(runs.map { Run(bytes: $0.bytes) })
        }
      case UInt8(ascii: ")"): return nil
      case UInt8(ascii: "["):
        end()
        guard let end = classEnd(from: position, in: pattern) else { return nil }
        position = end
      case UInt8(ascii: "|"): endAlternative()
      case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "{"):
        // The preceding character may be optional.
        if !run.isEmpty { run.removeLast() }
        end()
        if byte == UInt8(ascii: "{") {
          while position < pattern.endIndex, pattern[position] != UInt8(ascii: "}") {
            position += 1
          }
          position += 1
        }
      case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "$"): end()
      default:
        // A quantifier after a multi-byte character applies to all its bytes.
        if byte < 0x80 { run.append(byte) } else { end() }
        // Characters that have a special meaning in other contexts are not treated as plain text.
        if byte < 0x20 || "]}#".utf8.contains(byte) { isPlain = false }
      }
    }
    endAlternative()
    return alternatives
  }

  /// Returns the end of a class whose content begins at `start`: after the first `]` that is not
  /// its first character; `nil` for an unsupported class.
  private static func classEnd(from start: Int, in pattern: ArraySlice<UInt8>) -> Int? {
    var position = start
    if position < pattern.endIndex, pattern[position] == UInt8(ascii: "^") { position += 1 }
    if position < pattern.endIndex, pattern[position] == UInt8(ascii: "]") { position += 1 }
    while position < pattern.endIndex, pattern[position] != UInt8(ascii: "]") {
      if pattern[position] == UInt8(ascii: "[") { return nil }
      position += pattern[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return position + 1
  }

  /// A group of a pattern.
  private struct Group {
    var content: Range<Int>
    /// The position of its closing parenthesis.
    var end: Int
    /// Whether its text is part of the match, unlike that of a lookaround.
    var isRequired: Bool

    /// `start` is after the opening parenthesis; `nil` for an unsupported group.
    init?(at start: Int, in pattern: ArraySlice<UInt8>) {
      func byte(_ index: Int) -> UInt8 { index < pattern.endIndex ? pattern[index] : 0 }
      var contentStart = start
      isRequired = true
      // `(?:`, `(?<name>` and `(?P<name>` have no effect outside; options, conditions and comments
      // may.
      if byte(start) == UInt8(ascii: "*") { return nil }
      if byte(start) == UInt8(ascii: "?") {
        let kind = byte(start + 1)
        let isNamed =
          kind == UInt8(ascii: "P")
          || kind == UInt8(ascii: "<") && byte(start + 2) != UInt8(ascii: "=")
            && byte(start + 2) != UInt8(ascii: "!")
        guard ":<P=!".utf8.contains(kind) else { return nil }
        contentStart = start + 2
        if isNamed {
          while contentStart < pattern.endIndex, pattern[contentStart] != UInt8(ascii: ">") {
            contentStart += 1
          }
          contentStart += 1
        } else if kind != UInt8(ascii: ":") {
          isRequired = false
          if kind == UInt8(ascii: "<") { contentStart += 1 }
        }
      }
      var position = contentStart
      var depth = 0
      while position < pattern.endIndex {
        switch pattern[position] {
        case UInt8(ascii: "\\"): position += 1
        case UInt8(ascii: "["):
          guard let end = RequiredLiterals.classEnd(from: position + 1, in: pattern) else {
            return nil
          }
          position = end - 1
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"):
          if depth == 0 {
            content = contentStart..<position
            end = position
            return
          }
          depth -= 1
        default: break
        }
        position += 1
      }
      return nil
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }
}
