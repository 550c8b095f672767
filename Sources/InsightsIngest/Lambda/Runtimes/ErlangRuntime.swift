internal import InsightsStore
internal import InsightsText

/// Errors of Erlang: `{"init terminating in do_boot",{badarith,[…]}}` when a node ends, `escript:
/// exception error: …` of a script, and the logger's reports about processes.
enum ErlangRuntime: LanguageRuntime {
  static let name = "erlang"
  static let sourceSuffixes = [".erl"]
  static let marks: ErrorMarks = [.lineEnd, .termHead]
  /// The beginnings of the message that a node ends with; a shortened copy follows it.
  private static let ends: [StaticString] = [
    "{\"init terminating in do_boot\",", "{\"Kernel pid terminated\",",
  ]
  private static let script: StaticString = "escript: exception "
  private static let reports: [StaticString] = ["=ERROR REPORT==== ", "=CRASH REPORT==== "]
  /// The texts that precede the reason in a report.
  private static let reasons: [StaticString] = [
    " with exit value:", "Reason for termination ==", "Reason for termination =",
    "exception error: ", "exception exit: ",
  ]

  static let lines: [TracebackLine] =
    ([script] + reports).map { TracebackLine($0, .head) }
    + [
      TracebackLine("Error in process <", .body), TracebackLine("** ", .body),
      TracebackLine("in function ", .body, isIndented: true),
      TracebackLine("in call from ", .body, isIndented: true),
      TracebackLine("in operator ", .body, isIndented: true),
      TracebackLine("called as ", .body, isIndented: true),
      TracebackLine("exception error: ", .body, isIndented: true),
      TracebackLine("exception exit: ", .body, isIndented: true),
    ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    ends.contains { text.holds($0, at: 0) } || text.holds(script, at: 0)
      || (reports.contains { text.holds($0, at: 0) }
        && reasons.contains { text.firstOffset(of: $0) != nil })
  }

  static let lineFirstBytes = [UInt8(ascii: " ")]

  /// The lines with frames of a term that spans several lines.
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    line[0] == 0x20 && line.firstOffset(of: "{file,\"") != nil ? .body : nil
  }

  static let openFirstBytes = [UInt8(ascii: "E"), UInt8(ascii: "*")]

  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.holds("Error in process <", at: 0) || line.holds("** Reason for termination", at: 0)
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    if let end = ends.first(where: { text.offset(of: $0) == 0 }) {
      let term = text.textLines.first ?? ""
      return error(of: term.dropFirst(end.utf8CodeUnitCount).dropLast(), .unhandled, text)
    }
    if text.offset(of: script) == 0 { return scriptError(text) }
    guard let start = reasons.lazy.compactMap({ text.range(of: $0)?.upperBound }).first else {
      return nil
    }
    return error(of: text[start...], .logged, text)
  }

  /// Returns the error in a term, `{badarith,[{orders,load,1,[{file,"orders.erl"},{line,3}]}, …]}`
  /// or only a reason.
  private static func error(
    of term: Substring, _ kind: ErrorTable.Row.Kind, _ text: String
  ) -> RuntimeError? {
    let told = term.drop { $0.isWhitespace || $0 == "*" }
    guard !told.isEmpty else { return nil }
    let stack = told.range(of: ",[{") ?? told.range(of: ",\n")
    var reason = told[..<(stack?.lowerBound ?? told.endIndex)]
    if stack != nil, reason.first == "{" { reason = reason.dropFirst() }
    reason = reason.prefix { $0 != "\n" }
    while let last = reason.last, last.isWhitespace { reason.removeLast() }
    var error = RuntimeError(
      kind: kind, language: ErlangRuntime.self, type: type(of: reason), message: String(reason))
    error.frames = frames(ofTerm: told)
    error.traceback = text
    return error
  }

  /// Returns the first atom of a reason.
  private static func type(of reason: Substring) -> String {
    let name = reason.drop { $0 == "{" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return name.isEmpty ? "error" : String(name)
  }

  /// Parses `escript: exception error: order_missing` and its lines `  in function  orders:load/1
  /// (orders.erl, line 3)`.
  private static func scriptError(_ text: String) -> RuntimeError? {
    let lines = text.textLines
    guard let first = lines.first, let colon = first.range(of: "exception ") else { return nil }
    let words = first[colon.upperBound...]
    let kind = words.prefix { $0 != ":" }
    let reason = words[kind.endIndex...].drop { $0 == ":" || $0 == " " }
    var error = RuntimeError(
      kind: .unhandled, language: ErlangRuntime.self, type: String(kind), message: String(reason))
    if reason.first == "{" || reason.isIdentifier { error.type = type(of: reason) }
    error.frames = lines.dropFirst().compactMap { frame($0.drop { $0 == " " }) }
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Parses the frame `in function  orders:load/1 (orders.erl, line 3)`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard line.hasPrefix("in function") || line.hasPrefix("in call from") else { return nil }
    let words = line.split(separator: " ")
    guard let open = line.range(of: " ("), let comma = line.range(of: ", line ") else { return nil }
    return RuntimeError.Frame(
      file: String(line[open.upperBound..<comma.lowerBound]),
      line: Int64(line[comma.upperBound...].prefix { $0.isNumber }),
      function: words.first { $0.contains(":") }.map(String.init))
  }

  /// Returns the frames `{orders,load,1,[{file,"orders.erl"},{line,3}]}` of a term.
  private static func frames(ofTerm term: Substring) -> [RuntimeError.Frame] {
    var frames: [RuntimeError.Frame] = []
    var rest = term
    while let file = rest.range(of: "{file,\""),
      let quote = rest[file.upperBound...].range(of: "\"")
    {
      var frame = RuntimeError.Frame(file: String(rest[file.upperBound..<quote.lowerBound]))
      if let line = rest[quote.upperBound...].range(of: "{line,") {
        frame.line = Int64(rest[line.upperBound...].prefix { $0.isNumber })
      }
      let names = rest[..<file.lowerBound].split { "{},[] \n".contains($0) }.suffix(3)
      if names.count == 3 {
        frame.function =
          "\(names[names.startIndex]):\(names[names.startIndex + 1])/\(names[names.startIndex + 2])"
      }
      frames.append(frame)
      rest = rest[quote.upperBound...]
    }
    return frames
  }

  /// Modules of Erlang's own library; in frames, their files have no directory.
  private static let modules: Set<Substring> = [
    "application_master", "erl_eval", "erlang", "escript", "gen", "gen_event", "gen_server",
    "gen_statem", "init", "lists", "maps", "proc_lib", "shell", "supervisor",
  ]

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    frame.function?.split(separator: ":").first.map { modules.contains($0) } ?? true
  }
}
