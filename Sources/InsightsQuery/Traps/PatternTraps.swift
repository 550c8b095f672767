internal import InsightsModel

extension Trap {
  /// Traps (lint rules) about patterns in text.
  static let patterns: [Trap] = [
    Trap("like-wildcard", "'like' looks for the text itself, '%' included", explainsNoRows: true) {
      search in
      search.operations.compactMap { op, left, right, _ in
        guard op == .like, case .literal(.text(let text), let span) = right,
          text.hasPrefix("%") || text.hasSuffix("%")
        else { return nil }
        let plain = String(text.drop { $0 == "%" }.reversed().drop { $0 == "%" }.reversed())
        // `100%` is a percentage.
        let isPercentage = !text.hasPrefix("%") && plain.last?.isNumber == true
        guard !plain.isEmpty, !isPercentage else { return nil }
        return Finding(
          message: "'%' is no wildcard", span: span,
          help: "write: \(search.source[left.span]) like \(quoted(plain))")
      }
    },
    Trap("local-function", "CloudWatch's query language has no filter patterns") { search in
      search.expressions.compactMap { expression in
        guard case .call(let name, let arguments, _) = expression,
          name.value.lowercased() == FilterPattern.functionName.lowercased()
        else { return nil }
        var words: String?
        if arguments.count == 2, case .literal(.text(let pattern), _) = arguments[1] {
          words = (try? FilterPattern(pattern))?.portableText
        }
        return Finding(
          message: "'\(name.value)' works here, but not in CloudWatch", span: name.span,
          help: words.map { "write: \($0)" } ?? "give the pattern to FilterLogEvents instead")
      }
    },
    Trap("regex-lookaround", "CloudWatch's regexes look neither ahead, back nor at earlier groups")
    {
      search in
      search.regexes.compactMap { regex in
        let constructs = ["(?=", "(?!", "(?<=", "(?<!", "(?>", "\\1", "\\2", "\\k<"]
        guard let construct = constructs.first(where: { regex.value.contains($0) }) else {
          return nil
        }
        return Finding(
          message: "'\(construct)' works here, but not in CloudWatch", span: regex.span,
          help: "use two conditions, or a second 'parse' on the captured text")
      }
    },
    Trap("bounded-repeat", "a filter with a repeat such as {31} has been seen to lose events") {
      search in
      search.regexes.compactMap { regex in
        guard let count = greatestRepeat(in: regex.value), count >= 30 else { return nil }
        return Finding(
          message: "regex repeats something \(count) times", span: regex.span,
          help: "repeat without a bound, as in [0-9a-f]+")
      }
    },
    Trap(
      "lazy-group-at-end", "a lazy group takes as little as it can: at the end, nothing",
      explainsNoRows: true
    ) {
      search in
      search.commands.flatMap(\.regexes).compactMap { regex in
        guard regex.value.hasSuffix("*?)") else { return nil }
        return Finding(
          message: "the last group is always empty", span: regex.span,
          help: "let it take the rest, as in (?<name>.*), or say what follows it")
      }
    },
  ]

  /// Returns the greatest number in `{…}`.
  private static func greatestRepeat(in regex: String) -> Int? {
    regex.split(separator: "{").dropFirst().compactMap { part in
      part.firstIndex(of: "}").flatMap { end in
        part[..<end].split(separator: ",").compactMap { Int($0) }.max()
      }
    }.max()
  }
}
