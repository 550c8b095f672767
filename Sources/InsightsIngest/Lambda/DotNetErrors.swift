internal import InsightsStore
internal import InsightsText

/// Errors of .NET: `fail` lines that begin with an exception, and stacks that code logs.
enum DotNetErrors: RuntimeErrorParser {
  static let marks: ErrorMarks = .lineEnd

  static func isCandidate(_ message: EventMessage) -> Bool {
    message.jsonOffset != 0 && message.bytes.contains("\n   at ", knownBy: 0x0A)
      && message.bytes.firstOffset(of: "\n    at ") == nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: isStack), first > 0 else { return nil }
    let head = lines[first - 1]
    let column = head.split(separator: "\t", omittingEmptySubsequences: false).last ?? head
    guard let colon = column.firstIndex(of: ":") else { return nil }
    let type = column[..<colon].split(separator: " ").last ?? ""
    guard type.contains("."), type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return turnedRound(column, lines[first...], text)
    }
    // What the runtime prints has nothing before the exception.
    let isUnhandled =
      (type.count == column[..<colon].count && head.contains("\tfail\t"))
      || head.hasPrefix("Unhandled exception. ")
    var error = RuntimeError(
      kind: isUnhandled ? .unhandled : .logged, runtime: "dotnet", type: String(type),
      message: String(column[column.index(after: colon)...].drop { $0 == " " }))
    error.frames = lines[first...].compactMap(frame)
    error.ownTopFrame = topFrame(of: error.frames)
    error.traceback = text
    return error
  }

  /// `message: Type`, as .NET Core 2 and 3 printed it.
  private static func turnedRound(
    _ head: Substring, _ stack: ArraySlice<Substring>, _ text: String
  ) -> RuntimeError? {
    guard let colon = head.lastIndex(of: ":") else { return nil }
    let type = head[head.index(after: colon)...].drop { $0 == " " }
    guard type.hasSuffix("Exception"), type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    var error = RuntimeError(
      kind: .unhandled, runtime: "dotnet", type: String(type), message: String(head[..<colon]))
    error.frames = stack.compactMap(frame)
    error.ownTopFrame = topFrame(of: error.frames)
    error.traceback = text
    return error
  }

  /// `Type.Method file:line` of the innermost frame with a file, else of the innermost.
  static func topFrame(of frames: [RuntimeError.Frame]) -> String? {
    guard let frame = frames.first(where: { $0.file != nil }) ?? frames.first else { return nil }
    let place = [frame.file, frame.line.map(String.init)].compactMap(\.self)
    return [frame.function ?? "", place.joined(separator: ":")]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The frames of a stack that is a list of lines.
  static func frames(in lines: [String]) -> [RuntimeError.Frame] {
    lines.compactMap { line in
      frame("   " + line.drop { $0 == " " })
    }
  }

  /// Whether a line is of a stack, or of the inner exception that precedes it.
  private static func isStack(_ line: Substring) -> Bool {
    line.hasPrefix("   at ") || line.hasPrefix(" ---> ")
  }

  /// The frame in `   at N.C.M(T a) in /src/F.cs:line 42`.
  private static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard line.hasPrefix("   at ") else { return nil }
    let text = line.dropFirst(6)
    guard let open = text.firstIndex(of: "(") else { return nil }
    var frame = RuntimeError.Frame(function: String(text[..<open]))
    guard let close = text.lastIndex(of: ")"), text[close...].hasPrefix(") in ") else {
      return frame
    }
    let place = text[close...].dropFirst(5)
    guard let colon = place.lastIndex(of: ":"), place[colon...].hasPrefix(":line ") else {
      return frame
    }
    frame.file = String(place[..<colon])
    frame.line = Int64(place[colon...].dropFirst(6))
    return frame
  }
}
