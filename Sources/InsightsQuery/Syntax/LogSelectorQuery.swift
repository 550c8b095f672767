/// A query of Loki, which selects streams in braces: `{app="x"} |= "text" | json | level="error"`,
/// possibly inside range functions.
struct LogSelectorQuery {
  private let pieces: ForeignPieces
  private let open: Int
  private let close: Int

  /// Parses a query; `nil` if it has another form.
  init?(_ query: String) {
    let pieces = ForeignPieces(query)
    guard pieces.count <= 300, let open = pieces.indices.first(where: { pieces.isBrace($0) }),
      let behind = pieces.behind(open)
    else { return nil }
    let signs = ["=", "!=", "=~", "!~"]
    let areLabels = pieces.divided(open + 1..<behind - 1, at: ",").allSatisfy { label in
      label.count == 3 && signs.contains(String(pieces[label.lowerBound + 1]))
    }
    guard areLabels else { return nil }
    self.pieces = pieces
    self.open = open
    close = behind
  }

  /// The translation to the query language, stage by stage.
  ///
  /// Labels select streams, as `SOURCE` and `--log-group` do here.
  var line: String {
    var stages: [String] = []
    var value: String?
    var isCounted = false
    var index = close
    while index < pieces.count, pieces[index] != "[", pieces[index] != ")" {
      let isBar = pieces[index] == "|"
      let sign = isBar ? index + 1 : index
      guard sign < pieces.count else { break }
      let text = sign + 1 < pieces.count ? pieces.text(sign + 1..<sign + 2) : ""
      switch (isBar, pieces[sign].lowercased()) {
      case (true, "="), (true, "~"):
        stages.append("filter @message like \(Self.pattern(text, isRegex: pieces[sign] == "~"))")
      case (false, "!="), (false, "!~"):
        stages.append(
          "filter @message not like \(Self.pattern(text, isRegex: pieces[sign] == "!~"))")
      case (true, "logfmt"): stages.append("parse @message logfmt as line")
      case (true, "regexp"): stages.append("parse @message \(Self.pattern(text, isRegex: true))")
      case (true, "unwrap"): value = text
      case (true, "rate"), (true, "count_over_time"): isCounted = true
      case (true, "json"), (true, "unpack"), (true, "pattern"), (true, "line_format"),
        (true, "label_format"), (true, "decolorize"):
        break
      case (true, _):
        let end = stageEnd(from: sign)
        stages.append("filter \(pieces.text(sign..<end))")
      default: break
      }
      index = stageEnd(from: sign + (isBar ? 1 : 2))
    }
    if let aggregate = aggregate(of: value) ?? (isCounted ? "count(*)" : nil) {
      let keys = keys.map { "\($0), " } ?? ""
      stages.append("stats \(aggregate) by \(keys)bin(\(period ?? "5m"))")
    }
    return stages.isEmpty ? "fields @timestamp, @message" : stages.joined(separator: " | ")
  }

  private static func pattern(_ text: String, isRegex: Bool) -> String {
    let content = ForeignForm.content(text)
    return isRegex ? "/\(content.replacing("/", with: "\\/"))/" : quoted(content)
  }

  /// Returns the end of the stage that continues at a piece.
  private func stageEnd(from start: Int) -> Int {
    var index = start
    while index < pieces.count, !["|", "!=", "!~", "["].contains(pieces[index]),
      let behind = pieces.behind(index)
    {
      index = behind
    }
    return index
  }

  /// Returns the aggregate over the lines of each period, for the function around the selector.
  private func aggregate(of value: String?) -> String? {
    for index in 0..<open {
      let name = pieces[index].lowercased()
      if ["rate", "count_over_time", "bytes_rate", "bytes_over_time"].contains(name) {
        return value.map { "sum(\($0))" } ?? "count(*)"
      }
      for function in ["avg", "sum", "min", "max"] where name == "\(function)_over_time" {
        return "\(function)(\(value ?? "duration"))"
      }
      if name == "quantile_over_time" { return "pct(\(value ?? "duration"), 95)" }
    }
    return nil
  }

  /// The keys after `by`.
  private var keys: String? {
    guard let by = (0..<pieces.count).first(where: { pieces[$0].lowercased() == "by" }),
      by + 1 < pieces.count, pieces[by + 1] == "(", let end = pieces.behind(by + 1), end - by > 3
    else { return nil }
    return pieces.text(by + 2..<end - 1)
  }

  private var period: String? {
    pieces.indices.first { pieces[$0] == "[" && $0 + 1 < pieces.count }.map {
      String(pieces[$0 + 1])
    }
  }
}
