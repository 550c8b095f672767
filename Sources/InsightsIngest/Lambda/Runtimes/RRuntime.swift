internal import InsightsStore
internal import InsightsText

/// Errors of R that end a script: `Error in load(order) : message`, `Execution halted`.
enum RRuntime: LanguageRuntime {
  static let name = "r"
  static let sourceSuffixes = [".R", ".r"]
  static let marks: ErrorMarks = .lineEnd
  private static let head: StaticString = "Error in "
  private static let bareHead: StaticString = "Error: "
  private static let end: StaticString = "Execution halted"

  static let lines: [TracebackLine] = [
    TracebackLine(head, .head), TracebackLine(bareHead, .exception),
    TracebackLine("Calls: ", .body), TracebackLine(end, .body),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    (text.holds(head, at: 0) || text.holds(bareHead, at: 0)) && text.firstOffset(of: end) != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.first else { return nil }
    var error = RuntimeError(kind: .unhandled, language: RRuntime.self, type: "Error")
    var told = first.dropFirst(first.offset(of: head) == 0 ? 9 : 7)
    if first.offset(of: head) == 0, let colon = told.range(of: " : ") ?? told.range(of: " :") {
      error.frames = [RuntimeError.Frame(ownText: String(told[..<colon.lowerBound]))]
      told = told[colon.upperBound...]
    }
    let further = lines.dropFirst().prefix { !$0.hasPrefix("Calls: ") && $0.offset(of: end) != 0 }
    error.message = ([told] + further.map { $0.drop { $0 == " " } }).filter { !$0.isEmpty }
      .joined(separator: "\n")
    error.traceback = text
    return error
  }

  static func place(of frame: RuntimeError.Frame) -> String? { frame.ownText }
}
