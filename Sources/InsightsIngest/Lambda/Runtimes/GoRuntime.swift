internal import InsightsStore
internal import InsightsText

/// Errors of Go: `panic: …` on standard error with its dump; dumps after other text, as servers log
/// a recovered panic; and the frames that the runtime interface client prints.
enum GoRuntime: LanguageRuntime {
  static let name = "go"
  static let sourceSuffixes = [".go"]
  static let marks: ErrorMarks = [.head, .lineEnd]

  private static let heads: [StaticString] = ["panic: ", "fatal error: "]
  private static let goroutine: StaticString = "goroutine "
  /// Phrases that may precede the dump of a recovered panic.
  private static let recoveries: [StaticString] = [
    "panic", "Panic", "PANIC", "ecover", "runtime error: ",
  ]
  private static let serving: StaticString = "panic serving "

  static let lines: [TracebackLine] = [
    TracebackLine("panic: ", .head), TracebackLine("fatal error: ", .head),
    TracebackLine(goroutine, .stack), TracebackLine("created by ", .body),
    TracebackLine("runtime stack:", .body), TracebackLine("exit status ", .body),
    TracebackLine("[signal ", .body), TracebackLine("panic(", .body),
    TracebackLine("runtime error: ", .body),
  ]
  static let outOfMemoryPhrases: [StaticString] = ["runtime: out of memory"]
  static let lastWords = [
    LastWords(beginning: "fatal error: ", words: ["out of memory", "cannot allocate"]),
    LastWords(beginning: "runtime: cannot allocate memory"),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if heads.contains(where: { text.holds($0, at: 0) }) { return true }
    guard text.firstOffset(of: 0x0A) != nil else { return false }
    return oldError(text) != nil || text.firstOffset(of: goroutine) != nil
      || text.firstOffset(of: ".go:") != nil
  }

  /// Parses `message: type` followed by `null`, the form of the runtime go1.x.
  private static func oldError(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (message: Range<Int>, type: Range<Int>)? {
    var end = bytes.count
    while end > 0, bytes[end - 1] <= 0x20 { end -= 1 }
    guard bytes.holds("\nnull", at: end - 5) else { return nil }
    let typeEnd = end - 5
    var start = typeEnd
    while start > 0, bytes[start - 1].isLetter { start -= 1 }
    guard start < typeEnd, bytes.holds(": ", at: start - 2),
      bytes.firstOffset(of: 0x0A) == typeEnd
    else { return nil }
    return (0..<start - 2, start..<typeEnd)
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let bytes = message.bytes
    if let old = oldError(bytes) {
      return RuntimeError(
        kind: .unhandled, language: GoRuntime.self,
        type: String(decoding: bytes[old.type], as: UTF8.self),
        message: String(decoding: bytes[old.message], as: UTF8.self))
    }
    let lines = message.text.textLines
    guard let head = heads.first(where: { bytes.holds($0, at: 0) }) else {
      return dump(below: lines, message.text)
    }
    var text = lines[0].dropFirst(head.utf8CodeUnitCount)
    // A value that is an error is followed by the recovery that panicked again.
    if text.hasSuffix(" [recovered]") { text.removeLast(12) }
    var error = RuntimeError(
      kind: .unhandled, language: GoRuntime.self,
      type: head.utf8CodeUnitCount == 7 ? "panic" : "fatal error", message: String(text))
    error.frames = frames(in: lines)
    if lines.count > 1 { error.traceback = message.text }
    return error
  }

  /// Parses a goroutine's dump after any text, or frames with offsets as `gin` writes them.
  private static func dump(below lines: [Substring], _ text: String) -> RuntimeError? {
    var lines = lines
    if let index = lines.firstIndex(where: isGoroutine),
      let start = lines[index].range(of: goroutine)?.lowerBound, start > lines[index].startIndex
    {
      // Some loggers write the recovered value on the same line.
      lines.insert(lines[index][..<start], at: index)
      lines[index + 1] = lines[index + 1][start...]
    }
    let stack =
      lines.firstIndex(where: isGoroutine)
      ?? lines.firstIndex { place(in: $0) != nil && $0.first == "/" }
      ?? functionIndex(in: lines)
    guard let stack else { return nil }
    let frames = frames(in: Array(lines[stack...]))
    let head = lines[..<stack].joined(separator: "\n")
    let isPanic =
      recoveries.contains { head.offset(of: $0) != nil }
      || lines[stack...].contains { $0.hasPrefix("panic(") }
    guard !frames.isEmpty, isPanic || !head.isEmpty else { return nil }
    var error = RuntimeError(
      kind: .logged, language: GoRuntime.self, type: isPanic ? "panic" : nil,
      message: words(of: head))
    error.frames = frames
    error.traceback = text
    return error
  }

  /// Returns the index of the first function of a stack as written by loggers and error packages,
  /// with its location on the next line.
  private static func functionIndex(in lines: [Substring]) -> Int? {
    lines.indices.dropFirst().first { index in
      lines[index].hasPrefix("\t") && place(in: lines[index]) != nil
        && lines[index - 1].contains(".") && !lines[index - 1].contains { $0.isWhitespace }
    }.map { $0 - 1 }
  }

  /// Whether a line contains `goroutine 12 [running]:`, possibly after other text.
  private static func isGoroutine(_ line: Substring) -> Bool {
    line.hasSuffix("]:") && line.offset(of: goroutine) != nil
  }

  /// Returns the recovered value: the text without the logger's time and the server's prefix.
  private static func words(of head: String) -> String? {
    var text = head[...]
    if let time = Array(head.utf8).withUnsafeBufferPointer({ Timestamp.parseISO8601($0) }) {
      text = Substring(text.utf8.dropFirst(time.end)).drop { $0 == " " }
    }
    if let start = text.range(of: serving)?.upperBound,
      let colon = text[start...].range(of: ": ")
    {
      text = text[colon.upperBound...]
    } else if let start = text.range(of: "panic recovered:")?.upperBound {
      text = text[start...].drop { $0.isWhitespace }
      // The served request, up to a blank line.
      if text.prefix(while: { $0 != "\n" }).contains(" HTTP/"),
        let end = text.range(of: "\n\n")?.upperBound
      {
        text = text[end...]
      }
    }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    text = text.drop { $0.isWhitespace }
    return text.isEmpty ? nil : String(text)
  }

  static let lineFirstBytes = Array("0123456789\t/".utf8)

  /// Recognises logger lines that may precede a dump, and the functions of frames.
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    switch line[0] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      // 2026/03/04 10:00:00 text
      guard line.count > 20, line[4] == UInt8(ascii: "/"), line[7] == UInt8(ascii: "/"),
        line[20] != UInt8(ascii: "{")
      else { return nil }
      return recoveries.contains { line.firstOffset(of: $0, from: 19) != nil } ? .exception : nil
    case 0x09:
      // A TAB, path:line, and the offset in the function.
      return line.count > 1 && line[1] == UInt8(ascii: "/") && line.firstOffset(of: ".go:") != nil
        ? .body : nil
    case UInt8(ascii: "/"):
      return line.firstOffset(of: ".go:") != nil && line.firstOffset(of: " (0x") != nil
        ? .body : nil
    default: break
    }
    // main.(*Store).put(0xc000112000, …)
    if line[line.count - 1] == UInt8(ascii: ")"),
      let open = line.firstOffset(of: UInt8(ascii: "(")),
      line[..<open].contains(UInt8(ascii: ".")), !line[..<open].contains(0x20)
    {
      return .body
    }
    guard line.holds("time=", at: 0) || line[0].isUpperCase else { return nil }
    return recoveries.contains { line.firstOffset(of: $0) != nil } ? .exception : nil
  }

  /// Parses the frames of the first goroutine: a function with its arguments, then a TAB and the
  /// location.
  private static func frames(in lines: [Substring]) -> [RuntimeError.Frame] {
    var frames: [RuntimeError.Frame] = []
    var goroutines = 0
    for (index, line) in lines.enumerated() {
      if line.offset(of: goroutine) == 0 {
        goroutines += 1
        if goroutines > 1 { break }
      }
      guard let place = place(in: line) else { continue }
      var frame = RuntimeError.Frame(file: place.file, line: place.line)
      if line.hasPrefix("\t"), index > 0 {
        var function = lines[index - 1]
        if function.hasPrefix("created by ") {
          function = function.dropFirst(11)
          if let words = function.range(of: " in goroutine ") {
            function = function[..<words.lowerBound]
          }
        } else if function.last == ")", let open = function.lastIndex(of: "(") {
          function = function[..<open]
        }
        frame.function = String(function)
      }
      frames.append(frame)
    }
    return frames
  }

  /// Parses the file and line in `\t/src/store.go:17 +0x2c` or `/src/store.go:17 (0x4a2f)`.
  private static func place(in line: Substring) -> (file: String, line: Int64)? {
    let text = line.hasPrefix("\t") ? line.dropFirst() : line
    guard line.hasPrefix("\t") || text.first == "/", let end = text.range(of: ".go:") else {
      return nil
    }
    let number = text[end.upperBound...].prefix { $0.isASCII && $0.isNumber }
    guard let lineNumber = Int64(number) else { return nil }
    return (String(text[..<text.index(before: end.upperBound)]), lineNumber)
  }

  /// Parses the frames that loggers write without a dump: a function, then a TAB and its location.
  static func frames(in stack: [String]) -> [RuntimeError.Frame] {
    frames(in: stack.flatMap { $0.textLines })
  }

  /// The top-level folders of the standard library, for trimmed paths.
  private static let standardFolders: Set<String> = [
    "bufio", "bytes", "context", "crypto", "database", "encoding", "errors", "fmt", "html", "io",
    "internal", "log", "math", "mime", "net", "os", "reflect", "regexp", "runtime", "sort",
    "strconv", "strings", "sync", "syscall", "testing", "text", "time",
  ]

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    guard let file = frame.file else { return true }
    if file.hasPrefix("/") {
      return file.offset(of: "/go/src/") != nil || file.offset(of: "/src/runtime/") != nil
        || file.offset(of: "/src/net/http/") != nil
    }
    guard let slash = file.firstIndex(of: "/") else { return false }
    return standardFolders.contains(String(file[..<slash]))
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    guard let file = frame.file else { return false }
    return file.offset(of: "/pkg/mod/") != nil || file.offset(of: "/vendor/") != nil
      || file.offset(of: "@v") != nil || file.hasPrefix("github.com/aws/")
  }
}
