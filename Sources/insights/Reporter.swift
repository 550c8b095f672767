internal import Glibc
internal import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// Reports readable messages, or JSON for scripts, on standard error.
///
/// Results are written elsewhere.
struct Reporter {
  let isQuiet: Bool
  let isJSON: Bool
  let usesColor: Bool
  /// Whether to report the details of each file and query.
  var isVerbose = false

  /// A reporter for errors only.
  var quiet: Reporter { Reporter(isQuiet: true, isJSON: isJSON, usesColor: usesColor) }

  func error(_ message: String, notes: [String] = [], help: [String] = []) {
    report("error", message, notes: notes, help: help)
  }

  func warning(_ message: String, notes: [String] = [], help: [String] = []) {
    if !isQuiet { report("warning", message, notes: notes, help: help) }
  }

  func note(_ message: String, help: [String] = []) {
    if !isQuiet { report("note", message, notes: [], help: help) }
  }

  /// Reports notes about a request or its result.
  func report(_ notes: [QueryNote]) {
    guard !isQuiet else { return }
    for note in notes {
      report(note.severity.rawValue, note.message, notes: note.notes, help: note.help)
    }
  }

  /// Reports that a store could not be merged into a single file again.
  func noteStillRead(_ store: String) {
    note(
      "'\(store)' is being read by another process, so its log stays beside it for now",
      help: ["everything is stored; the next command that finds the store free folds it in"])
  }

  /// Reports a detail, if verbose.
  func detail(_ message: String, lines: [String] = []) {
    guard isVerbose else { return }
    guard !isJSON else { return report("detail", message, notes: lines, help: []) }
    write("detail: \(message)\n" + lines.map { "  \($0)\n" }.joined())
  }

  /// Reports the stages of a command, even if quiet, since `--timing` requests it.
  func timing(_ times: StageTimes) {
    guard isJSON else {
      let scanned = times.scanSummary.map { "scan: \($0)\n" } ?? ""
      return write("timing: \(times.summary)\n\(scanned)")
    }
    write(
      object([
        ("severity", .text("timing")), ("message", .text(times.summary)),
        ("notes", .texts(times.scanSummary.map { [$0] } ?? [])), ("help", .texts([])),
        ("microseconds", .members(times.microseconds.map { ($0.0, .number($0.1)) })),
        ("scan", .members(times.scanStatistics.map { ($0.0, .number($0.1)) })),
      ]))
  }

  func diagnostics(_ diagnostics: [Diagnostic], of source: SourceText) {
    let told = isQuiet ? diagnostics.filter { $0.severity == .error } : diagnostics
    guard !told.isEmpty else { return }
    guard isJSON else {
      return write(DiagnosticRenderer(usesColor: usesColor).render(told, of: source))
    }
    for diagnostic in told {
      let (line, column) = source.location(of: diagnostic.span.lowerBound)
      var fields: [(String, Field)] = [
        ("severity", .text(diagnostic.severity.rawValue)), ("id", .text(diagnostic.id)),
        ("message", .text(diagnostic.message)), ("source", .text(source.name)),
        ("line", .number(line)), ("column", .number(column)),
        ("start", .number(source.scalarOffset(of: diagnostic.span.lowerBound))),
        ("end", .number(source.scalarOffset(of: diagnostic.span.upperBound))),
        ("notes", .texts(diagnostic.notes)), ("help", .texts(diagnostic.help)),
      ]
      if let fix = diagnostic.fix {
        let members: [(String, Field)] = [
          ("start", .number(source.scalarOffset(of: fix.span.lowerBound))),
          ("end", .number(source.scalarOffset(of: fix.span.upperBound))),
          ("text", .text(fix.text)),
        ]
        fields.append(("fix", .members(members)))
      }
      write(object(fields))
    }
  }

  /// A time in the form of results.
  static func time(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(milliseconds, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func report(_ severity: String, _ message: String, notes: [String], help: [String]) {
    // File names may contain terminal control codes.
    func shown(_ text: String) -> String { PrintableText.line(of: SystemPath.shown(text)) }
    let (message, notes, help) = (shown(message), notes.map(shown), help.map(shown))
    if isJSON {
      return write(
        object([
          ("severity", .text(severity)), ("message", .text(message)), ("notes", .texts(notes)),
          ("help", .texts(help)),
        ]))
    }
    let code = severity == "error" ? "1;31" : severity == "warning" ? "1;33" : "1;36"
    let label = usesColor ? "\u{1B}[\(code)m\(severity)\u{1B}[0m" : severity
    var text = "\(label): \(message)\n"
    for note in notes { text += "  = note: \(note)\n" }
    for help in help { text += "  = help: \(help)\n" }
    write(text)
  }

  private func write(_ text: String) {
    var text = text
    // If standard error is closed the message is lost.
    _ = text.withUTF8 { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  // MARK: JSON

  private indirect enum Field {
    case text(String)
    case texts([String])
    case number(Int)
    case members([(String, Field)])
  }

  private func object(_ fields: [(String, Field)]) -> String { text(of: fields) + "\n" }

  private func text(of fields: [(String, Field)]) -> String {
    let members = fields.map { name, field in
      switch field {
      case .text(let text): "\(quoted(name)):\(quoted(text))"
      case .texts(let texts): "\(quoted(name)):[\(texts.map(quoted).joined(separator: ","))]"
      case .number(let number): "\(quoted(name)):\(number)"
      case .members(let members): "\(quoted(name)):\(text(of: members))"
      }
    }
    return "{\(members.joined(separator: ","))}"
  }

  private func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONWriter.append(string: text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
