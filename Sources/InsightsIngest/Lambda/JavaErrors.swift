internal import InsightsStore
internal import InsightsText

/// Errors of Java: what the runtime prints of an exception that nobody caught.
///
/// The first line is `message: class`, the second the same the other way round, frames follow.
enum JavaErrors: RuntimeErrorParser {
  static let marks: ErrorMarks = .lineEnd

  static func isCandidate(_ message: EventMessage) -> Bool {
    message.jsonOffset != 0 && message.bytes.contains("\n\tat ", knownBy: 0x0A)
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: { $0.hasPrefix("\tat ") }), first > 0,
      let (type, detail) = exception(lines[first - 1])
    else { return nil }
    // Code that logs a stack puts words of its own before it, not the exception turned round.
    let isUnhandled = first == 2 && lines[0].hasSuffix(": \(type)")
    var error = RuntimeError(
      kind: isUnhandled ? .unhandled : .logged, runtime: "java", type: type, message: detail)
    error.frames = lines[first...].prefix { $0.hasPrefix("\tat ") }.compactMap(frame)
    error.ownTopFrame = String(lines[first].dropFirst(4))
    error.traceback = text
    return error
  }

  private static func exception(_ line: Substring) -> (type: String, message: String?)? {
    let colon = line.firstIndex(of: ":") ?? line.endIndex
    let type = line[..<colon].split(separator: " ").last ?? ""
    guard type.contains("."), type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    guard colon < line.endIndex else { return (String(type), nil) }
    return (String(type), String(line[line.index(after: colon)...].drop { $0 == " " }))
  }

  /// The frame in `\tat com.acme.Store.put(Store.java:52)`.
  private static func frame(_ line: Substring) -> RuntimeError.Frame? {
    let text = line.dropFirst(4)
    guard let open = text.lastIndex(of: "("), text.last == ")" else { return nil }
    var frame = RuntimeError.Frame(function: String(text[..<open]))
    let place = text[text.index(after: open)...].dropLast()
    if let colon = place.lastIndex(of: ":") {
      frame.file = String(place[..<colon])
      frame.line = Int64(place[place.index(after: colon)...])
    }
    return frame
  }
}
