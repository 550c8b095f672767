internal import InsightsStore
internal import InsightsText

/// Errors of Go: `panic: …` on standard error with its dump, and the frames that the runtime client
/// prints.
enum GoErrors: RuntimeErrorParser {
  private static let heads: [StaticString] = ["panic: ", "fatal error: "]

  static let marks: ErrorMarks = [.head, .lineEnd]

  static func isCandidate(_ message: EventMessage) -> Bool {
    heads.contains { message.bytes.holds($0, at: 0) } || oldError(message.bytes) != nil
  }

  /// `message: type` and `null` below, as the runtime go1.x printed an error.
  private static func oldError(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (message: Range<Int>, type: Range<Int>)? {
    var end = bytes.count
    while end > 0, bytes[end - 1] <= 0x20 { end -= 1 }
    guard bytes.holds("\nnull", at: end - 5) else { return nil }
    let typeEnd = end - 5
    var start = typeEnd
    while start > 0, (bytes[start - 1] | 0x20) &- UInt8(ascii: "a") < 26 { start -= 1 }
    guard start < typeEnd, bytes.holds(": ", at: start - 2),
      bytes.firstOffset(of: 0x0A) == typeEnd
    else { return nil }
    return (0..<start - 2, start..<typeEnd)
  }

  /// A panic's first line, and the first goroutine of the dump where it follows.
  static func parse(_ message: EventMessage) -> RuntimeError? {
    let bytes = message.bytes
    if let old = oldError(bytes) {
      return RuntimeError(
        kind: .unhandled, runtime: "go", type: String(decoding: bytes[old.type], as: UTF8.self),
        message: String(decoding: bytes[old.message], as: UTF8.self))
    }
    guard let head = heads.first(where: { bytes.holds($0, at: 0) }) else { return nil }
    let end = bytes.firstOffset(of: 0x0A) ?? bytes.count
    var text = String(decoding: bytes[head.utf8CodeUnitCount..<end], as: UTF8.self)
    // A value that is an error is followed by what recovered it and panicked again.
    if text.hasSuffix(" [recovered]") { text.removeLast(12) }
    var error = RuntimeError(
      kind: .unhandled, runtime: "go", type: head.utf8CodeUnitCount == 7 ? "panic" : "fatal error",
      message: text)
    let lines = message.text.split(separator: "\n", omittingEmptySubsequences: false)
    error.frames = frames(in: lines)
    if lines.count > 1 { error.traceback = message.text }
    return error
  }

  /// The frames of the first goroutine: a function with its arguments, then a TAB and the place.
  private static func frames(in lines: [Substring]) -> [RuntimeError.Frame] {
    var frames: [RuntimeError.Frame] = []
    var goroutines = 0
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("goroutine ") {
        goroutines += 1
        if goroutines > 1 { break }
      }
      guard line.hasPrefix("\t"), index > 0, let colon = line.lastIndex(of: ":") else { continue }
      let number = line[line.index(after: colon)...].prefix { $0.isASCII && $0.isNumber }
      guard let lineNumber = Int64(number) else { continue }
      var function = lines[index - 1]
      if function.hasPrefix("created by ") {
        function = function.dropFirst(11)
        if let words = function.range(of: " in goroutine ") { function = function[..<words] }
      } else if let open = function.lastIndex(of: "(") {
        function = function[..<open]
      }
      frames.append(
        RuntimeError.Frame(
          file: String(line[line.index(after: line.startIndex)..<colon]), line: lineNumber,
          function: String(function)))
    }
    return frames
  }

  /// The objects `{"path", "line", "label"}` of a `stackTrace`, the innermost first.
  static func frames(
    in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> [RuntimeError.Frame] {
    guard let array = JSONScanner.member("stackTrace", in: bytes, objectAt: start),
      array.kind == .array
    else { return [] }
    var frames: [RuntimeError.Frame] = []
    var elements = JSONElements(of: bytes, arrayAt: array.range.lowerBound)
    while let element = elements.next() {
      guard element.kind == .object else { continue }
      let object = element.range.lowerBound
      frames.append(
        RuntimeError.Frame(
          file: JSONText.member("path", in: bytes, objectAt: object),
          line: JSONText.member("line", in: bytes, objectAt: object).flatMap { Int64($0) },
          function: JSONText.member("label", in: bytes, objectAt: object)))
    }
    return frames
  }
}

extension Substring {
  /// Where some words first appear.
  fileprivate func range(of words: StaticString) -> Substring.Index? {
    offset(of: words).map { utf8.index(startIndex, offsetBy: $0) }
  }
}
