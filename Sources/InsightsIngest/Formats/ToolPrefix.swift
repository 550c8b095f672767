internal import InsightsText

/// Prefixes that tools write before the lines or the events of a log; any line may have any of
/// them.
enum ToolPrefix {
  /// Parses a tool's prefix of the line at `start`; `text` ends with the line.
  static func read(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard start < text.count, text[start] > 0x20 || text[start] == ANSISequence.escape,
      text[start] != UInt8(ascii: "{")
    else { return nil }
    let ofEvents = zappa(text, start) ?? chalice(text, start)
    let ofLines =
      ofEvents ?? container(text, start) ?? pod(text, start) ?? syslog(text, start)
      ?? syslogProtocol(text, start) ?? stampedSyslog(text, start)
    return ofLines ?? collector(text, start) ?? columns(text, start) ?? fluentd(text, start)
      ?? fluentBit(text, start) ?? papertrail(text, start)
  }

  // MARK: Before each event

  /// `zappa tail`: `[1772618400000] message`, possibly in colours, which then extend to the
  /// message.
  private static func zappa(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    guard text[start] == UInt8(ascii: "[") || text[start] == ANSISequence.escape else { return nil }
    var scanner = LineScanner(text, at: start)
    guard scanner.skip(UInt8(ascii: "[")), let digits = scanner.digits(), digits.count == 13,
      let time = Timestamp.parseAny(text, at: digits.lowerBound), time.end == digits.upperBound,
      scanner.skip(UInt8(ascii: "]"))
    else { return nil }
    _ = scanner.skip(UInt8(ascii: " "))
    return LinePrefix(
      timestamp: time.milliseconds, textStart: scanner.index, scope: .event,
      hasColours: text[start] == ANSISequence.escape)
  }

  /// `chalice logs`: a time in Python's form, the end of the stream's name, message.
  private static func chalice(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    guard text[start] &- 48 < 10 else { return nil }
    var scanner = LineScanner(text, at: start)
    guard let time = scanner.time(), text[time.range.lowerBound + 10] == UInt8(ascii: " "),
      scanner.skip(UInt8(ascii: " ")), let word = scanner.word(), word.count == 6,
      text[word].allSatisfy({ $0 &- 48 < 10 || $0 &- UInt8(ascii: "a") < 6 }),
      scanner.index == text.count || scanner.skip(UInt8(ascii: " "))
    else { return nil }
    return LinePrefix(timestamp: time.milliseconds, textStart: scanner.index, scope: .event)
  }

  /// Tools that write the group or the stream of each event.
  private static func collector(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    let first = text[start]
    guard
      first &- 48 < 10 || first == UInt8(ascii: "/") || first == UInt8(ascii: "[")
        || first == ANSISequence.escape || first == UInt8(ascii: "A")
    else { return nil }
    let prefix =
      named(TailFormat.prefix(in: text, at: start))
      ?? named(AwslogsFormat.prefix(in: text, at: start))
      ?? named(SamLogsFormat.prefix(in: text, at: start))
      ?? named(SawFormat.prefix(in: text, at: start))
      ?? named(CwFormat.prefix(in: text, at: start))
      ?? named(LokiTextFormat.prefix(in: text, at: start))
    guard var prefix else { return nil }
    prefix.scope = .event
    return prefix
  }

  /// A time, a log group and a log stream in any order, with the same separator after each: columns
  /// of tools and scripts that use a TAB, a comma, a semicolon, ` | ` or ` - `.
  static func columns(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    let first = text[start]
    guard first &- 48 < 10 || first == UInt8(ascii: "/") || first == UInt8(ascii: "[") else {
      return nil
    }
    var prefix = LinePrefix(textStart: start, scope: .event)
    var separator: StaticString?
    for _ in 0..<4 {
      let index = prefix.textStart
      var time: Int64?
      var end: Int
      if prefix.timestamp == nil, let match = LineTime.column(text, at: index) {
        time = match.milliseconds
        end = match.end
      } else {
        end = index
        while end < text.count, text[end] > 0x20, !",;|".utf8.contains(text[end]) { end += 1 }
      }
      guard let sign = separators.first(where: { text.holds($0, at: end) }),
        separator.map({ text.holds($0, at: end) }) ?? true
      else { break }
      if let time {
        prefix.timestamp = time
      } else if prefix.stream == nil, LogStreamName.recognizes(text, in: index..<end) {
        prefix.stream = index..<end
      } else if prefix.group == nil, text.holds("/aws/", at: index) {
        prefix.group = index..<end
      } else {
        break
      }
      separator = separator ?? sign
      prefix.textStart = end + sign.utf8CodeUnitCount
    }
    return prefix.timestamp != nil ? named(prefix) : nil
  }

  /// Fluentd's output to the terminal: `2026-03-04 10:00:00.000000000 +0000 tag: {…}`.
  private static func fluentd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    guard text[start] &- 48 < 10 else { return nil }
    var scanner = LineScanner(text, at: start)
    guard let time = scanner.time(), text[time.range.upperBound - 5] &- 0x2B < 3,
      let end = tagEnd(scanner), text.holds("{", at: end)
    else { return nil }
    return LinePrefix(
      timestamp: time.milliseconds, textStart: end, scope: .line, isBeforeRecords: true)
  }

  /// Fluent Bit's output to the terminal: `[0] tag: [[1772618400.000000000, {}], {"log"=>"text"}]`; older
  /// ones have the time alone.
  private static func fluentBit(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    guard text[start] == UInt8(ascii: "[") else { return nil }
    var scanner = LineScanner(text, at: start)
    guard scanner.skip("["), scanner.digits() != nil, scanner.skip("]"),
      let end = tagEnd(scanner), text.holds("[", at: end)
    else { return nil }
    let first = text.holds("[[", at: end) ? end + 2 : end + 1
    guard let time = Timestamp.parseAny(text, at: first), text.holds(", {", at: time.end),
      let object = text.firstOffset(of: ", {\"", from: time.end), isRubyHash(text, at: object + 2)
    else { return nil }
    return LinePrefix(
      timestamp: time.milliseconds, textStart: object + 2, scope: .line, isBeforeRecords: true)
  }

  /// Whether an object is written as Ruby shows one: `{"log"=>"text"}`.
  private static func isRubyHash(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard let (key, _) = JSONScanner.value(in: text, at: start + 1), key.kind == .string else {
      return false
    }
    return text.holds("=>", at: key.end)
  }

  /// Papertrail's archives: an id, two times, the sender's id, name and address, facility, severity
  /// and program, each followed by a TAB.
  private static func papertrail(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    guard text[start] &- 48 < 10 else { return nil }
    var scanner = LineScanner(text, at: start)
    guard scanner.digits() != nil, scanner.skip(0x09), let time = scanner.time(),
      scanner.skip(0x09), scanner.time() != nil, scanner.skip(0x09), scanner.digits() != nil,
      scanner.skip(0x09)
    else { return nil }
    var index = scanner.index
    for _ in 0..<5 {
      guard let tab = text.firstOffset(of: 0x09, from: index, to: index + 1024) else { return nil }
      index = tab + 1
    }
    return LinePrefix(timestamp: time.milliseconds, textStart: index, scope: .line)
  }

  private static let separators: [StaticString] = [
    "\t", " | ", " - ", " ; ", ", ", ",", "; ", ";", "|",
  ]

  /// Accepts a prefix only if it contains a stream or a group; others could be the line's own text.
  private static func named(_ prefix: LinePrefix?) -> LinePrefix? {
    prefix?.stream != nil || prefix?.group != nil ? prefix : nil
  }

  // MARK: Before each line

  /// `docker logs -t`, `docker compose logs`, `kubectl logs --timestamps`, and the files of the
  /// CRI.
  private static func container(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    DockerLogsFormat.prefix(in: text, at: start)
  }

  /// `kubectl logs --prefix`: `[pod/name/container] ` and an optional time.
  private static func pod(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    guard text.holds("[pod/", at: start),
      let end = text.firstOffset(of: UInt8(ascii: "]"), from: start, to: start + 600),
      text.holds(" ", at: end + 1)
    else { return nil }
    return container(text, end + 2) ?? LinePrefix(textStart: end + 2, scope: .line)
  }

  /// RFC 3164, and journald's short output: `<14>Mar  4 10:00:00 host tag[1]: text`.
  private static func syslog(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> LinePrefix? {
    let first = text[start]
    guard first == UInt8(ascii: "<") || first &- UInt8(ascii: "A") < 26 else { return nil }
    var index = priorityEnd(text, start) ?? start
    guard let time = SyslogTime.read(text, at: &index), text.holds(" ", at: index) else {
      return nil
    }
    var scanner = LineScanner(text, at: index)
    guard scanner.skipSpaces() else { return nil }
    let textStart = scanner.index
    // Not a tag, but a keyword of Lambda.
    if OwnLine.isPlatform(text, at: textStart) { return nil }
    // Programs that write to the socket of their own machine omit its name.
    var end = tagEnd(scanner, isNumbered: true)
    if end == nil, scanner.word() != nil { end = tagEnd(scanner) }
    guard let end = end ?? tagEnd(LineScanner(text, at: index), isNumbered: false) else {
      return nil
    }
    return LinePrefix(
      timestamp: time, textStart: end, scope: .line, lacksYear: true)
  }

  /// RFC 5424: `<14>1 2026-03-04T10:00:00.000Z host app 1 - [data] text`.
  private static func syslogProtocol(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> LinePrefix? {
    guard let version = priorityEnd(text, start), text.holds("1 ", at: version) else { return nil }
    var scanner = LineScanner(text, at: version + 2)
    var time: Int64?
    if let stamp = scanner.time() {
      time = stamp.milliseconds
    } else if !scanner.skip("-") {
      return nil
    }
    for _ in 0..<4 {
      guard scanner.skip(UInt8(ascii: " ")), scanner.word() != nil else { return nil }
    }
    guard scanner.skip(UInt8(ascii: " ")), scanner.structuredData() else { return nil }
    _ = scanner.skip(UInt8(ascii: " "))
    _ = scanner.skip("\u{FEFF}")
    return LinePrefix(timestamp: time, textStart: scanner.index, scope: .line)
  }

  /// The ISO forms of rsyslog and journald, and Heroku's: `time host tag[1]: text`, `time
  /// app[web.1]: text`.
  private static func stampedSyslog(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> LinePrefix? {
    guard text[start] &- 48 < 10 else { return nil }
    var scanner = LineScanner(text, at: start)
    guard let time = scanner.time(), scanner.skip(UInt8(ascii: " ")) else { return nil }
    if let end = tagEnd(scanner, isNumbered: true) {
      return LinePrefix(timestamp: time.milliseconds, textStart: end, scope: .line)
    }
    guard scanner.word() != nil, let end = tagEnd(scanner, isNumbered: true) else { return nil }
    return LinePrefix(timestamp: time.milliseconds, textStart: end, scope: .line)
  }

  /// Returns the end of `<14>`.
  private static func priorityEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    guard text[start] == UInt8(ascii: "<") else { return nil }
    var scanner = LineScanner(text, at: start + 1)
    guard let digits = scanner.digits(), digits.count <= 3, text.holds(">", at: scanner.index)
    else { return nil }
    return scanner.index + 1
  }

  /// Returns the end of `tag: ` or `tag[1]: `.
  private static func tagEnd(_ scanner: LineScanner, isNumbered: Bool = false) -> Int? {
    var scanner = scanner
    _ = scanner.skipSpaces()
    guard let tag = scanner.word(), tag.count > 1,
      scanner.text[tag.upperBound - 1] == UInt8(ascii: ":")
    else { return nil }
    if isNumbered {
      guard tag.count > 3, scanner.text[tag.upperBound - 2] == UInt8(ascii: "]"),
        scanner.text[tag].dropFirst().contains(UInt8(ascii: "["))
      else { return nil }
    }
    _ = scanner.skip(UInt8(ascii: " "))
    return scanner.index
  }
}

extension LineScanner {
  /// Parses digits.
  mutating func digits() -> Range<Int>? {
    skipColours()
    let start = index
    while index < text.count, text[index] &- 48 < 10 { index += 1 }
    return index > start ? start..<index : nil
  }

  /// Advances past the structured data of RFC 5424: `-`, or `[id name="value"]` once or more.
  fileprivate mutating func structuredData() -> Bool {
    if skip(UInt8(ascii: "-")) { return true }
    guard index < text.count, text[index] == UInt8(ascii: "[") else { return false }
    while index < text.count, text[index] == UInt8(ascii: "[") {
      var isQuoted = false
      index += 1
      while index < text.count, isQuoted || text[index] != UInt8(ascii: "]") {
        if text[index] == UInt8(ascii: "\\") { index += 1 }
        if index < text.count, text[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
        index += 1
      }
      guard index < text.count else { return false }
      index += 1
    }
    return true
  }
}
