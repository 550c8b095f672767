/// The log events that a console page other than the query editor shows: those of a log group or
/// stream, or of Live Tail.
struct LogEventsLink: Hashable, Sendable {
  /// Names or ARNs.
  var logGroups: [String] = []
  var logStreams: [String] = []
  var filterPattern = ""
  var start: String?
  var end: String?

  /// Parses the part of a link after `#`; `nil` for other pages.
  init?(fragment: String) {
    var fragment = fragment
    if let filter = fragment.firstRange(of: "ilter")?.upperBound {
      fragment = fragment[..<filter] + EscapedText.withBlanksOfForms(fragment[filter...])
    }
    if fragment.hasPrefix("logEventViewer:") || fragment.hasPrefix("logStream:") {
      self.init(viewer: fragment)
    } else if let start = fragment.firstRange(of: "live-tail")?.upperBound {
      self.init(liveTail: EscapedText.unescapedFromDollars(fragment[start...]))
    } else if fragment.contains("log-group/") {
      self.init(page: EscapedText.unescapedFromDollars(fragment))
    } else {
      return nil
    }
    guard !logGroups.isEmpty else { return nil }
  }

  /// Parses `logsV2:log-groups/log-group/NAME/log-events/STREAM?start=…&filterPattern=…`; names may
  /// be escaped once more.
  private init?(page: String) {
    guard let start = page.firstRange(of: "log-group/")?.upperBound else { return nil }
    let path = page[start...].prefix { $0 != "?" }
    read(page[start...].dropFirst(path.count + 1), separatedBy: "&")
    let events = path.firstRange(of: "/log-events")
    let group = EscapedText.unescaped(path[..<(events?.lowerBound ?? path.endIndex)])
    if !group.isEmpty { logGroups = [group] }
    if let events {
      let stream = EscapedText.unescaped(path[events.upperBound...].drop { $0 == "/" })
      if !stream.isEmpty { logStreams = [stream] }
    }
  }

  /// Parses `logEventViewer:group=NAME;stream=NAME;start=PT5M;filter=…`.
  private init(viewer: String) {
    let parameters = viewer.drop { $0 != ":" }.dropFirst()
    read(
      Substring(
        parameters.contains("$") ? EscapedText.unescapedFromDollars(parameters) : String(parameters)
      ),
      separatedBy: ";")
  }

  /// Parses `?logGroupArns=~(~'arn…)&logStreamNames=~(~'NAME)`.
  private init(liveTail: String) {
    for part in liveTail.drop(while: { "?/".contains($0) }).split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      guard pair[1].hasPrefix("~") else {
        let text = EscapedText.unescaped(pair[1])
        take(pair[0], texts: [text], text)
        continue
      }
      // Some scripts separate the following parameters by '~', as in an object.
      for (name, value) in ConsoleValue(parsing: "~(\(pair[0])\(pair[1]))")?.members ?? [:] {
        take(name, texts: value.texts, value.formText ?? "")
      }
    }
  }

  private mutating func take(_ name: some StringProtocol, texts: [String], _ text: String) {
    switch name {
    case "logGroupArns": logGroups = texts
    case "logStreamNames": logStreams = texts
    case "filterPattern", "logEventFilterPattern": filterPattern = text
    default: break
    }
  }

  private mutating func read(_ parameters: Substring, separatedBy separator: Character) {
    for part in parameters.split(separator: separator) {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      let value = EscapedText.unescaped(pair[1])
      switch pair[0] {
      case "group": logGroups = [value]
      case "stream": logStreams = [value]
      case "start": start = value
      case "end": end = value
      case "filter", "filterPattern": filterPattern = value
      default: break
      }
    }
  }
}
