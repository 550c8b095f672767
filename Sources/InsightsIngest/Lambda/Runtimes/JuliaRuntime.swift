internal import InsightsStore
internal import InsightsText

/// Errors of Julia: `ERROR: LoadError: UndefVarError: message`, `Stacktrace:` and two lines for each frame.
enum JuliaRuntime: LanguageRuntime {
  static let name = "julia"
  static let sourceSuffixes = [".jl"]
  static let marks: ErrorMarks = .lineEnd
  private static let head: StaticString = "ERROR: "
  private static let stack: StaticString = "Stacktrace:"

  static let lines: [TracebackLine] = [
    TracebackLine(head, .head), TracebackLine(stack, .body),
    TracebackLine("@ ", .body, isIndented: true),
    TracebackLine("in expression starting at ", .body),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.holds(head, at: 0) && text.firstOffset(of: stack) != nil
  }

  static let lineFirstBytes = [UInt8(ascii: " ")]

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    // ` [1] load(id::String)`
    guard line[0] == 0x20, let open = line.firstIndex(where: { $0 != 0x20 }), open < 4,
      line[open] == UInt8(ascii: "["), let close = line.firstOffset(of: "] ", from: open)
    else { return nil }
    return close > open + 1 && line[(open + 1)..<close].allSatisfy { $0 &- 48 < 10 } ? .body : nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let end = lines.firstIndex(where: { $0.offset(of: stack) == 0 }) else { return nil }
    var told = lines[..<end].joined(separator: "\n").dropFirst(head.utf8CodeUnitCount)
    if told.hasPrefix("LoadError: ") { told = told.dropFirst(11) }
    var error = RuntimeError(kind: .unhandled, language: JuliaRuntime.self, type: "ErrorException")
    if let colon = told.range(of: ": "), told[..<colon.lowerBound].isExceptionName {
      error.type = String(told[..<colon.lowerBound])
      told = told[colon.upperBound...]
    }
    error.message = String(told)
    error.frames = frames(in: lines[(end + 1)...].map(String.init))
    error.traceback = text
    return error
  }

  /// Parses the frames; the location is on the line below the function: `   @ Main
  /// /var/task/handler.jl:3`.
  static func frames(in stack: [String]) -> [RuntimeError.Frame] {
    var frames: [RuntimeError.Frame] = []
    var function: Substring?
    for line in stack {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("["), let close = text.range(of: "] ") {
        function = text[close.upperBound...].prefix { $0 != "(" }
      } else if text.hasPrefix("@ "), let file = text.split(separator: " ").last,
        var frame = RuntimeError.Frame(place: file, of: sourceSuffixes)
      {
        frame.function = function.map(String.init)
        frames.append(frame)
      }
    }
    return frames
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.hasPrefix("./") ?? false
  }
}
