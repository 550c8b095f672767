#if DEBUG || BENCHMARKS
  internal import InsightsModel
  @testable internal import InsightsText

  /// Measures `pattern` on a labelled log, such as the 2k sets of Loghub: a CSV file with the
  /// columns `Content`, `EventId` and `EventTemplate`, in which `<*>` stands for a variable part.
  struct PatternAccuracy {
    /// The fraction of lines whose pattern has exactly the lines of their template.
    private(set) var grouping = 0.0
    /// The fraction of words for which pattern and template agree whether they vary, averaged over
    /// the lines.
    ///
    /// Words are separated by white space; a word varies if any part of it does.
    private(set) var words = 0.0
    /// The fraction of lines for which they agree on every word.
    private(set) var linesByWord = 0.0
    /// The fraction of lines whose pattern equals their template, except for the amount of white
    /// space.
    private(set) var exact = 0.0
    private(set) var patternCount = 0
    private(set) var templateCount = 0

    /// Evaluates a log; `nil` if the columns or lines are missing.
    init?(ofLabelledLog csv: [UInt8]) {
      let rows = Self.rows(of: csv)
      guard let header = rows.first, let content = header.firstIndex(of: "Content"),
        let event = header.firstIndex(of: "EventId"),
        let template = header.firstIndex(of: "EventTemplate")
      else { return nil }
      let lines = rows.dropFirst().filter { $0.count == header.count }.map {
        (text: $0[content], event: $0[event], template: Self.split($0[template]))
      }
      guard !lines.isEmpty else { return nil }
      let clustering = PatternClustering()
      let shapes = lines.map { line in
        var text = line.text
        text.withUTF8 { clustering.add($0, timestamp: nil) }
        return clustering.lastShape
      }
      let clusters = clustering.clusters()
      patternCount = clusters.count
      templateCount = Set(lines.map(\.event)).count
      measure(
        lines, patterns: Self.patternNumbers(of: shapes, in: clusters),
        texts: clusters.map { Self.split(Self.template(of: clustering.pattern(of: $0))) })
    }

    private mutating func measure(
      _ lines: [(text: String, event: String, template: [String])], patterns: [Int],
      texts: [[String]]
    ) {
      let eventSizes = Dictionary(grouping: lines, by: \.event).mapValues(\.count)
      let eventsOfPatterns = Dictionary(grouping: zip(patterns, lines), by: \.0)
        .mapValues { Dictionary(grouping: $0, by: \.1.event).mapValues(\.count) }
      for (line, pattern) in zip(lines, patterns) {
        let events = eventsOfPatterns[pattern] ?? [:]
        if events.count == 1, events[line.event] == eventSizes[line.event] { grouping += 1 }
        let words = Self.split(line.text)
        let right = zip(
          Self.varyingWords(words, by: texts[pattern]), Self.varyingWords(words, by: line.template)
        ).count { $0 == $1 }
        self.words += words.isEmpty ? 1 : Double(right) / Double(words.count)
        if right == words.count { linesByWord += 1 }
        if texts[pattern] == line.template { exact += 1 }
      }
      let count = Double(lines.count)
      (grouping, words, linesByWord, exact) = (
        grouping / count, words / count, linesByWord / count, exact / count
      )
    }

    private static func patternNumbers(of shapes: [Int], in clusters: [[Int]]) -> [Int] {
      var numbers: [Int: Int] = [:]
      for (number, cluster) in clusters.enumerated() {
        for shape in cluster { numbers[shape] = number }
      }
      return shapes.map { numbers[$0] ?? -1 }
    }

    private static func template(of pattern: LogPattern) -> String {
      pattern.pieces.map { piece in
        switch piece {
        case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
        case .token: "<*>"
        }
      }.joined()
    }

    private static func split(_ text: String) -> [String] {
      text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init)
    }

    /// Returns which words of a line vary by its template.
    ///
    /// If the template has another number of words, one of its variable words may match several
    /// words of the line or none; the alignment with the fewest differences is chosen.
    private static func varyingWords(_ words: [String], by template: [String]) -> [Bool] {
      let varies = template.map { $0.contains("<*>") }
      if words.count == template.count { return varies }
      enum Step { case none, match, repeated, added, left }
      let width = template.count + 1
      var costs = [Int](repeating: .max, count: (words.count + 1) * width)
      var steps = [Step](repeating: .none, count: costs.count)
      costs[0] = 0
      for word in 0...words.count {
        for place in 0...template.count {
          let cost = costs[word * width + place]
          func reach(_ word: Int, _ place: Int, _ step: Step, adding difference: Int) {
            let index = word * width + place
            guard cost + difference < costs[index] else { return }
            costs[index] = cost + difference
            steps[index] = step
          }
          if word < words.count, place < template.count {
            let isSame = varies[place] || words[word] == template[place]
            reach(word + 1, place + 1, .match, adding: isSame ? 0 : 10)
          }
          if word < words.count {
            let isRepeated = place < template.count && varies[place]
            reach(word + 1, place, isRepeated ? .repeated : .added, adding: isRepeated ? 1 : 10)
          }
          if place < template.count {
            reach(word, place + 1, .left, adding: varies[place] ? 1 : 10)
          }
        }
      }
      var result = [Bool](repeating: true, count: words.count)
      var (word, place) = (words.count, template.count)
      while word > 0 || place > 0 {
        switch steps[word * width + place] {
        case .match:
          word -= 1
          place -= 1
          result[word] = varies[place]
        case .repeated, .added: word -= 1
        case .left: place -= 1
        case .none: return result
        }
      }
      return result
    }

    private static func rows(of csv: [UInt8]) -> [[String]] {
      csv.withUnsafeBufferPointer { bytes in
        var rows: [[String]] = [[]]
        var scanner = CSVScanner(bytes)
        while let field = scanner.next() {
          var text: [UInt8] = []
          CSVScanner.append(field, of: bytes, to: &text)
          rows[rows.count - 1].append(String(decoding: text, as: UTF8.self))
          if field.isLastOfRow { rows.append([]) }
        }
        return rows
      }
    }

    // MARK: The table

    /// Returns the measures of each labelled log, and their means.
    static func table(ofFiles paths: some Sequence<String>) -> ResultTable {
      var table = ResultTable(
        columns: [ResultColumn(name: "log", type: .text)]
          + ["grouping", "lines by word", "words", "exact", "patterns", "templates"].map {
            ResultColumn(name: $0, type: .number, isComputed: true)
          })
      var sums = [Double](repeating: 0, count: 4)
      for path in paths {
        guard let file = HotLoops.head(ofFile: path),
          let found = PatternAccuracy(ofLabelledLog: file)
        else { continue }
        let shares = [found.grouping, found.linesByWord, found.words, found.exact]
        let name = path.split(separator: "/").last?.split(separator: "_").first ?? "?"
        table.rows.append(
          [.text(String(name))] + shares.map { .real($0) }
            + [.integer(Int64(found.patternCount)), .integer(Int64(found.templateCount))])
        for index in shares.indices { sums[index] += shares[index] }
      }
      let count = Double(max(table.rows.count, 1))
      table.rows.append([.text("mean")] + sums.map { .real($0 / count) } + [.null, .null])
      return table
    }
  }
#endif
