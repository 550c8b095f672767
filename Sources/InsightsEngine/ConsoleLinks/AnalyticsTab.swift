/// A tab of the console's page Log Analytics, as its link contains it.
///
///     log-analytics?active=~'a&a.type=~'query&a.query=~'SOURCE…
///
/// Each tab is a group of parameters. Its query contains the log groups and the range, as `SOURCE`.
/// The parameter `from` contains the previous page, and is ignored.
struct AnalyticsTab: Hashable, Sendable {
  let query: String
  let language: String?

  /// Parses the part of a link after `#`; `nil` if no tab has a query.
  ///
  /// Uses the active tab, otherwise the first one that has a query.
  init?(fragment: String) {
    let page = EscapedText.unescapedFromDollars(fragment)
    var values: [(name: Substring, value: ConsoleValue)] = []
    for part in page.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1)
      // As a member of an object, a text extends to the closing parenthesis, whatever it contains.
      guard pair.count == 2, pair[0] != "from",
        let value = ConsoleValue(parsing: "~(value\(pair[1]))")?.members?["value"]
      else { continue }
      values.append((pair[0], value))
    }
    func value(_ name: String) -> ConsoleValue? { values.first { $0.name == name }?.value }

    let active = value("active")?.text.map { $0 + ".query" }
    let chosen =
      values.first { $0.name == active ?? "" } ?? values.first { $0.name.hasSuffix(".query") }
    guard let chosen, let query = chosen.value.formText, !query.allSatisfy(\.isWhitespace) else {
      return nil
    }
    self.query = query
    language = value(chosen.name.dropLast("query".count) + "lang")?.text
  }
}
