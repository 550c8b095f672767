internal import InsightsStore
internal import InsightsText

/// Errors of Dart: `Unhandled exception:`, the error on the next line, and lines of `#0      load (file:line:column)`.
enum DartRuntime: LanguageRuntime {
  static let name = "dart"
  static let sourceSuffixes = [".dart"]
  static let marks: ErrorMarks = .initHead
  private static let head: StaticString = "Unhandled exception:"

  static let lines: [TracebackLine] = [TracebackLine("<asynchronous suspension>", .body)]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isHead(UnsafeBufferPointer(rebasing: text[..<(text.firstOffset(of: 0x0A) ?? text.count)]))
  }

  /// Whether the line contains only the head.
  private static func isHead(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.holds(head, at: 0) && line[head.utf8CodeUnitCount...].allSatisfy { $0 <= 0x20 }
  }

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    isHead(line) ? .head : nil
  }

  static let openFirstBytes = [UInt8(ascii: "U")]

  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool { isHead(line) }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines.dropFirst()
    let told = lines.prefix { !isFrame($0) }.joined(separator: "\n").trimmingSuffix("\n")
    guard !told.isEmpty else { return nil }
    var error = RuntimeError(kind: .unhandled, language: DartRuntime.self)
    (error.type, error.message) = typeAndMessage(told[...])
    error.frames = lines.filter(isFrame).compactMap { frame($0) }
    error.traceback = text
    return error
  }

  /// The beginnings of messages that the library's own errors have instead of the name of their
  /// class.
  private static let ownWords: [(beginning: String, type: String)] = [
    ("Bad state: ", "StateError"), ("Invalid argument", "ArgumentError"),
    ("RangeError", "RangeError"), ("Unsupported operation: ", "UnsupportedError"),
    ("UnimplementedError", "UnimplementedError"), ("type '", "TypeError"),
    ("Null check operator used on a null value", "TypeError"),
    ("Concurrent modification during iteration", "ConcurrentModificationError"),
    ("Stack Overflow", "StackOverflowError"), ("Out of Memory", "OutOfMemoryError"),
  ]
  static let outOfMemoryTypes = ["OutOfMemoryError"]

  private static func typeAndMessage(_ told: Substring) -> (type: String, message: String) {
    if told.hasPrefix("Instance of '"), told.last == "'" {
      return (String(told.dropFirst(13).dropLast()), String(told))
    }
    if let colon = told.range(of: ": ") {
      // `RangeError (length): …`
      let name = told[..<colon.lowerBound].prefix { $0 != " " }
      if name.isExceptionName { return (String(name), String(told[colon.upperBound...])) }
    }
    if let known = ownWords.first(where: { told.hasPrefix($0.beginning) }) {
      let rest = known.beginning.hasSuffix(": ") ? told.dropFirst(known.beginning.count) : told
      return (known.type, String(rest))
    }
    return ("exception", String(told))
  }

  private static func isFrame(_ line: Substring) -> Bool {
    line.first == "#" && line.dropFirst().first?.isNumber == true
  }

  /// Parses the frame `#0      load (package:orders/orders.dart:3:15)`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard isFrame(line), let open = line.lastIndex(of: "("), line.last == ")" else { return nil }
    let place = line[line.index(after: open)...].dropLast()
    // PHP also numbers its frames.
    guard place.hasPrefix("dart:") || place.contains(".dart") else { return nil }
    var parts = place.split(separator: ":")
    var numbers: [Int64] = []
    while numbers.count < 2, let number = parts.last.flatMap({ Int64($0) }) {
      numbers.insert(number, at: 0)
      parts.removeLast()
    }
    var file = parts.joined(separator: ":")[...]
    if file.hasPrefix("file://") { file = file.dropFirst(7) }
    let function = line[..<open].drop { $0 != " " }.drop { $0 == " " }.trimmingSuffix(" ")
    return RuntimeError.Frame(
      file: String(file), line: numbers.first, column: numbers.count > 1 ? numbers[1] : nil,
      function: String(function))
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.hasPrefix("dart:") ?? true
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    guard let file = frame.file, file.hasPrefix("package:") else {
      return frame.file?.offset(of: ".pub-cache/") != nil
    }
    // The application's own library is also a package.
    return packages.contains { file.dropFirst(8).hasPrefix($0) }
  }

  private static let packages = [
    "async/", "aws_", "collection/", "dio/", "http/", "http_parser/", "json_annotation/",
    "logging/",
    "postgres/", "shelf/", "shelf_router/", "stack_trace/",
  ]
}
