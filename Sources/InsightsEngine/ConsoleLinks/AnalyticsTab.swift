/// A tab of the console's page Log Analytics: `log-analytics?active=~'a&a.type=~'query&a.query=~'SOURCE…`.
///
/// Each tab is a group of parameters. Its query names log groups and range itself, by `SOURCE`. What
/// `from` holds is the page that one came from, and is passed over.
struct AnalyticsTab: Hashable, Sendable {
  let query: String
  let language: String?

  /// Reads what stands behind the `#` of a link; `nil` where no tab has a query.
  ///
  /// The tab is the active one, else the first that has a query.
  init?(fragment: String) {
    let page = EscapedText.unescapedFromDollars(fragment)
    var values: [(name: Substring, value: ConsoleValue)] = []
    for part in page.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1)
      // In an object a text goes up to the end that closes it, whatever signs it holds.
      guard pair.count == 2, pair[0] != "from",
        let value = ConsoleValue(parsing: "~(value\(pair[1]))")?.members?["value"]
      else { continue }
      values.append((pair[0], value))
    }
    func value(_ name: String) -> ConsoleValue? { values.first { $0.name == name }?.value }

    let active = value("active")?.text.map { $0 + ".query" }
    let chosen =
      values.first { $0.name == active ?? "" } ?? values.first { $0.name.hasSuffix(".query") }
    guard let chosen, let query = chosen.value.words, !query.allSatisfy(\.isWhitespace) else {
      return nil
    }
    self.query = query
    language = value(chosen.name.dropLast("query".count) + "lang")?.text
  }
}
