internal import InsightsStore
internal import InsightsText

/// Errors of Lua and LuaJIT: `lua: handler.lua:3: message`, and its stack.
enum LuaRuntime: LanguageRuntime {
  static let name = "lua"
  static let sourceSuffixes = [".lua"]
  static let marks: ErrorMarks = .lineEnd
  private static let heads: [StaticString] = ["lua: ", "luajit: ", "lua5."]
  private static let stack: StaticString = "stack traceback:"

  static let lines: [TracebackLine] =
    heads.map { TracebackLine($0, .head) }
    + [TracebackLine(stack, .body), TracebackLine("[C]: ", .body, isIndented: true)]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    heads.contains { text.holds($0, at: 0) } && text.firstOffset(of: ": ") != nil
  }

  static let lineFirstBytes = [0x09]

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    line[0] == 0x09 && line.firstOffset(of: ".lua:") != nil ? .body : nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.first, let start = first.range(of: ": ")?.upperBound else { return nil }
    let told = first[start...]
    let place = told.range(of: ": ").flatMap {
      RuntimeError.Frame(place: told[..<$0.lowerBound], of: sourceSuffixes)
    }
    let hasStack = lines.dropFirst().contains { $0.offset(of: stack) == 0 }
    guard place != nil || hasStack else { return nil }
    var error = RuntimeError(kind: .unhandled, language: LuaRuntime.self, type: "error")
    let message = place == nil ? told : told[(told.range(of: ": ")?.upperBound ?? start)...]
    error.message = String(message)
    // The first frame of the stack has the same location, and the function.
    let frames = frames(in: lines.dropFirst().map(String.init))
    error.frames = frames.isEmpty ? place.map { [$0] } ?? [] : frames
    if hasStack { error.traceback = text }
    return error
  }

  /// Parses the frame in `/var/task/handler.lua:3: in upvalue 'load'`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let joint = line.range(of: ": in "),
      var frame = RuntimeError.Frame(place: line[..<joint.lowerBound], of: sourceSuffixes)
    else { return nil }
    let name = line[joint.upperBound...].split(separator: "'")
    frame.function = name.count > 1 ? String(name[1]) : nil
    return frame
  }
}
