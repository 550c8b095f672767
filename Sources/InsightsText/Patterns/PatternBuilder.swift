/// Builds the pattern of a cluster of shapes.
struct PatternBuilder {
  private let cluster: ShapeMerging.Cluster
  private let shapes: ByteTable
  private let statistics: [ShapeStatistics]

  private var pieces: [LogPattern.Piece] = []
  private var literal: [UInt8] = []
  private var regex = Array("(?s)^\\s*".utf8)
  private var tokenCount = 0

  init(cluster: ShapeMerging.Cluster, shapes: ByteTable, statistics: [ShapeStatistics]) {
    self.cluster = cluster
    self.shapes = shapes
    self.statistics = statistics
  }

  consuming func pattern() -> LogPattern {
    build()
    return finish()
  }

  private mutating func build() {
    // White space is taken from the shape with the most lines.
    let representative =
      cluster.max { left, right in
        let counts = (statistics[left].totalCount, statistics[right].totalCount)
        return counts.0 != counts.1 ? counts.0 < counts.1 : precedes(right, left)
      } ?? cluster[0]
    let bytes = cluster.map { number in shapes.withBytes(of: number) { Array($0) } }
    let ranges = bytes.map { $0.withUnsafeBufferPointer { wordRanges(of: $0) } }
    // The index of each shape's next mark.
    var marks = Array(repeating: 0, count: cluster.count)
    let shown = cluster.firstIndex(of: representative) ?? 0
    for position in ranges[shown].indices {
      if position > 0 { appendBorder(bytes[shown][ranges[shown][position].lowerBound - 1]) }
      let words = bytes.indices.map { bytes[$0][ranges[$0][position]] }
      append(words, marks: marks)
      for index in words.indices { marks[index] += words[index].count(where: LineShape.isMark) }
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    shapes.withBytes(of: left) { left in
      shapes.withBytes(of: right) { left.lexicographicallyPrecedes($0) }
    }
  }

  private consuming func finish() -> LogPattern {
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    regex += Array("\\s*$".utf8)
    var text: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let bytes): text += bytes
      case .token(let token): text += Array("<\(token.name)>".utf8)
      }
    }
    var pattern = LogPattern(
      pieces: pieces, text: text, regex: regex, count: 0, comparedCount: 0,
      histogram: TimeHistogram(), samples: LogSamples())
    for shape in cluster {
      pattern.count += statistics[shape].count
      pattern.comparedCount += statistics[shape].comparedCount
      pattern.histogram.merge(statistics[shape].histogram)
      pattern.samples.merge(statistics[shape].samples)
    }
    return pattern
  }

  // MARK: Words

  /// Appends one position of the pattern: the word of each shape there.
  private mutating func append(_ words: [ArraySlice<UInt8>], marks: [Int]) {
    if words.dropFirst().allSatisfy({ $0 == words[0] }) {
      appendConstant(words[0], marks: marks)
      return
    }
    let prefix = commonPrefix(of: words)
    let suffix = commonSuffix(of: words, behind: prefix.count)
    appendLiteral(prefix)
    let varying = words.map { $0.dropFirst(prefix.count).dropLast(suffix.count) }
    var values = TokenValues()
    for (index, word) in varying.enumerated() {
      if word.contains(where: LineShape.isMark) {
        values = .open
        break
      }
      values.add(Array(word), count: statistics[cluster[index]].totalCount)
    }
    let isMixed = varying.allSatisfy { $0.contains(where: LineShape.isMark) }
    appendToken(isMixed ? .identifier : .text, values)
    appendLiteral(suffix)
  }

  /// Appends a word that all shapes share.
  ///
  /// Its marks become tokens, but digits that never vary become part of the word.
  private mutating func appendConstant(_ word: ArraySlice<UInt8>, marks: [Int]) {
    var offset = 0
    for byte in word {
      guard LineShape.isMark(byte), let kind = TokenKind(rawValue: byte) else {
        appendLiteral([byte])
        continue
      }
      var values = TokenValues()
      for (index, shape) in cluster.enumerated()
      where marks[index] + offset < statistics[shape].values.count {
        values.merge(statistics[shape].values[marks[index] + offset])
      }
      offset += 1
      if values.isConstant, let value = values.counts.first?.value,
        kind == .digits || value.isEmpty
      {
        appendLiteral(value[...])
      } else {
        appendToken(kind, values)
      }
    }
  }

  private mutating func appendBorder(_ border: UInt8) {
    guard border != LineShape.joint else { return }
    literal.append(border)
    regex += Array("\\s+".utf8)
  }

  private mutating func appendToken(_ kind: TokenKind, _ values: TokenValues) {
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    literal = []
    tokenCount += 1
    pieces.append(.token(LogPattern.Token(kind: kind, position: tokenCount, values: values)))
    regex += Array("(.*?)".utf8)
  }

  private mutating func appendLiteral(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      guard byte != LineShape.control else {
        literal += [0xEF, 0xBF, 0xBD]
        regex.append(UInt8(ascii: "."))
        continue
      }
      literal.append(byte)
      switch ByteClass(byte) {
      case .digit, .hexLetter, .letter: regex.append(byte)
      case .space: regex += Array("\\s+".utf8)
      case .joiner, .punctuation, .control:
        if byte != UInt8(ascii: "_") { regex.append(UInt8(ascii: "\\")) }
        regex.append(byte)
      }
    }
  }

  // MARK: What words have in common

  /// The common prefix of all words, without marks, up to a punctuation mark: `rhost=`.
  private func commonPrefix(of words: [ArraySlice<UInt8>]) -> ArraySlice<UInt8> {
    var prefix = words[0]
    for word in words.dropFirst() {
      prefix = prefix.prefix(zip(prefix, word).prefix { $0 == $1 }.count)
    }
    prefix = prefix.prefix { !LineShape.isMark($0) }
    while let last = prefix.last, ByteClass(last) != .punctuation { prefix.removeLast() }
    return prefix
  }

  /// The common suffix of all words after their first `count` bytes, starting with a punctuation
  /// mark.
  private func commonSuffix(of words: [ArraySlice<UInt8>], behind count: Int) -> ArraySlice<UInt8> {
    var suffix = words[0].dropFirst(count)
    for word in words.dropFirst() {
      let rest = word.dropFirst(count)
      suffix = suffix.suffix(zip(suffix.reversed(), rest.reversed()).prefix { $0 == $1 }.count)
    }
    if let mark = suffix.lastIndex(where: LineShape.isMark) { suffix = suffix[(mark + 1)...] }
    while let first = suffix.first, ByteClass(first) != .punctuation { suffix.removeFirst() }
    return suffix
  }
}
