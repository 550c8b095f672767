internal import InsightsStore
internal import InsightsText

/// Errors of .NET: `fail` lines that begin with an exception, and logged stacks.
enum DotNetRuntime: LanguageRuntime {
  static let name = "dotnet"
  static let sourceSuffixes = [".cs", ".fs", ".vb"]
  static let marks: ErrorMarks = .lineEnd

  /// The heads that .NET writes, and those of programs compiled ahead of time.
  private static let unhandledHeads: [StaticString] = [
    "Unhandled exception. ", "Unhandled Exception: ",
  ]

  static let lines: [TracebackLine] = [
    TracebackLine(unhandledHeads[0], .head), TracebackLine(unhandledHeads[1], .head),
    TracebackLine("---> ", .body, isIndented: true),
    TracebackLine("--- End of ", .body, isIndented: true),
  ]
  static let outOfMemoryTypes = ["OutOfMemoryException"]
  static let outOfMemoryPhrases: [StaticString] = ["System.OutOfMemoryException"]

  /// Namespaces that never belong to the application.
  private static let namespaces = [
    "System.", "Microsoft.", "Amazon.", "AWS.", "Newtonsoft.", "Npgsql.", "MySql.",
    "MySqlConnector.",
    "MongoDB.", "StackExchange.", "Dapper.", "Polly.", "Serilog.", "NLog.", "AutoMapper.",
    "MediatR.", "FluentValidation.", "Grpc.", "Google.", "RestSharp.", "Refit.", "Castle.",
    "Autofac.", "HotChocolate.", "MassTransit.", "RabbitMQ.", "Elasticsearch.", "OpenTelemetry.",
    "Datadog.", "Sentry.", "lambda_method", "Internal.", "Interop.",
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let hasStack =
      text.firstOffset(of: "\n   at ") != nil || text.firstOffset(of: consoleStack) != nil
    return hasStack && text.firstOffset(of: "\n    at ") == nil
  }

  /// The indentation by .NET's console logger of all lines except the first.
  private static let consoleMargin = "      "
  private static let consoleStack: StaticString = "\n         at "

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines.map {
      $0.hasPrefix(consoleMargin) ? $0.dropFirst(consoleMargin.utf8.count) : $0
    }
    guard let first = lines.firstIndex(where: isStack), first > 0 else { return nil }
    guard let (type, detail, line) = exception(in: lines[..<first]) else {
      let head = lines[first - 1]
      let column = head.split(separator: "\t", omittingEmptySubsequences: false).last ?? head
      return turnedRound(column, lines[first...], text)
    }
    let head = lines[line]
    // The runtime prints nothing before the exception.
    let isUnhandled =
      unhandledHeads.contains { head.offset(of: $0) == 0 } || head.contains("\tfail\t\(type)")
    var error = RuntimeError(
      kind: isUnhandled ? .unhandled : .logged, language: DotNetRuntime.self, type: type,
      message: detail)
    error.frames = lines[first...].compactMap { frame($0.drop { $0 == " " }) }
    error.traceback = text
    return error
  }

  /// Finds the exception in the lines above a stack: the first class with a namespace before a
  /// colon; its message may have several lines.
  private static func exception(
    in lines: ArraySlice<Substring>
  ) -> (type: String, message: String, line: Int)? {
    // A class with a namespace may be the category of a logger.
    exception(in: lines) { $0.hasSuffix("Exception") } ?? exception(in: lines) { $0.contains(".") }
  }

  /// The maximum number of colons per line that are checked for a class.
  private static let colonLimit = 32

  private static func exception(
    in lines: ArraySlice<Substring>, where isName: (Substring) -> Bool
  ) -> (type: String, message: String, line: Int)? {
    for (line, text) in lines.enumerated() {
      var column = text.split(separator: "\t", omittingEmptySubsequences: false).last ?? text
      if let head = unhandledHeads.first(where: { column.offset(of: $0) == 0 }) {
        column = column.dropFirst(head.utf8CodeUnitCount)
      }
      var start = column.startIndex
      for _ in 0..<colonLimit {
        guard let colon = column[start...].firstIndex(of: ":") else { break }
        start = column.index(after: colon)
        let word = column[..<colon].split(separator: " ").last ?? ""
        guard isName(word), word.first?.isLetter == true,
          word.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { continue }
        let rest = column[start...].drop { $0 == " " }
        let message = ([rest] + lines[(line + 1)...]).joined(separator: "\n")
        return (String(word), message, line)
      }
    }
    return nil
  }

  /// Parses `message: Type`, the form of .NET Core 2 and 3.
  private static func turnedRound(
    _ head: Substring, _ stack: ArraySlice<Substring>, _ text: String
  ) -> RuntimeError? {
    guard let colon = head.lastIndex(of: ":") else { return nil }
    let type = head[head.index(after: colon)...].drop { $0 == " " }
    guard type.hasSuffix("Exception"), type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    var error = RuntimeError(
      kind: .unhandled, language: DotNetRuntime.self, type: String(type),
      message: String(head[..<colon]))
    error.frames = stack.compactMap { frame($0.drop { $0 == " " }) }
    error.traceback = text
    return error
  }

  /// Whether a line belongs to a stack, or to the inner exception before it.
  private static func isStack(_ line: Substring) -> Bool {
    line.hasPrefix("   at ") || line.hasPrefix(" ---> ")
  }

  /// Parses the frame `at N.C.M(T a) in /src/F.cs:line 42`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard line.hasPrefix("at ") else { return nil }
    let text = line.dropFirst(3)
    // In Node's frames a space precedes the parenthesis; Java's have a file inside.
    guard let open = text.firstIndex(of: "("), open > text.startIndex,
      text[text.index(before: open)] != " ", text[..<open].contains(".") || !text.contains(":"),
      JavaRuntime.frame(text) == nil
    else { return nil }
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

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    guard let function = frame.function else { return false }
    return namespaces.contains { function.hasPrefix($0) }
  }

  /// Formats a frame as `Type.Method file:line`.
  static func place(of frame: RuntimeError.Frame) -> String? {
    let place = [frame.file, frame.line.map(String.init)].compactMap(\.self)
    return [frame.function ?? "", place.joined(separator: ":")]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}
