internal import InsightsStore
internal import InsightsText

/// Errors of C++ and C that end the process.
///
/// They are `terminate called after throwing an instance of 'type'` with `  what():  message` on
/// the next line, failed assertions, and the messages that the C library writes before it aborts.
enum CPlusPlusRuntime: LanguageRuntime {
  static let name = "cpp"
  static let sourceSuffixes = [".cpp", ".cc", ".cxx", ".c", ".h", ".hpp"]
  static let marks: ErrorMarks = [.apostrophe, .parenthesis, .lastWords]
  private static let head: StaticString = "terminate called after throwing an instance of '"
  /// The corresponding message of LLVM's library: `… of type std::out_of_range: vector`.
  private static let otherHead: StaticString =
    "libc++abi: terminating due to uncaught exception of type "
  private static let what: StaticString = "what():  "
  private static let assertion: StaticString = ": Assertion `"
  /// Complete messages about errors without an exception.
  private static let abortHeads: [StaticString] = [
    "terminate called without an active exception", "terminate called recursively",
    "libc++abi: terminating", "free(): ", "malloc(): ", "realloc(): ", "munmap_chunk(): ",
    "double free or corruption", "corrupted size vs. prev_size", "corrupted double-linked list",
    "*** stack smashing detected ***", "*** buffer overflow detected ***", "Fatal glibc error: ",
  ]

  static let lines: [TracebackLine] = [
    TracebackLine(head, .head), TracebackLine(what, .body, isIndented: true),
  ]
  static let outOfMemoryPhrases: [StaticString] = ["std::bad_alloc"]
  static let lastWords = [LastWords(beginning: head, words: ["std::bad_alloc"])]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.holds(head, at: 0) || text.holds(otherHead, at: 0) { return true }
    if text.count < 200, abortHeads.contains(where: { text.holds($0, at: 0) }) { return true }
    return text.contains(assertion, knownBy: UInt8(ascii: "`"))
      && text.firstOffset(of: "' failed") != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    if text.offset(of: head) != 0, text.offset(of: otherHead) != 0 {
      return failedAssertion(text) ?? abort(text)
    }
    var error = RuntimeError(kind: .unhandled, language: CPlusPlusRuntime.self)
    if text.offset(of: otherHead) == 0 {
      let told = Substring(text.utf8.dropFirst(otherHead.utf8CodeUnitCount)).trimmingSuffix("\n")
      let joint = told.range(of: ": ")
      error.type = String(told[..<(joint?.lowerBound ?? told.endIndex)])
      error.message = joint.map { String(told[$0.upperBound...]) }
      return error
    }
    let rest = text.utf8.dropFirst(head.utf8CodeUnitCount)
    error.type = String(Substring(rest.prefix { $0 != UInt8(ascii: "'") }))
    if let start = text.offset(of: what) {
      let words = text.utf8.dropFirst(start + what.utf8CodeUnitCount)
      error.message = String(Substring(words).trimmingSuffix("\n"))
      error.traceback = text
    }
    return error
  }

  /// Parses the line of a failed assertion: program, file, line, function, and the condition in
  /// quotes.
  private static func failedAssertion(_ text: String) -> RuntimeError? {
    guard let line = text.textLines.first(where: { $0.offset(of: assertion) != nil }),
      let joint = line.range(of: assertion), let program = line.range(of: ": ")
    else { return nil }
    let words = line[joint.lowerBound...].dropFirst(2)
    var error = RuntimeError(
      kind: .unhandled, language: CPlusPlusRuntime.self, type: "Assertion failed",
      message: String(words))
    guard program.upperBound < joint.lowerBound else { return error }
    let parts = line[program.upperBound..<joint.lowerBound].split(separator: ":", maxSplits: 2)
    if parts.count > 1, let number = Int64(parts[1]) {
      error.frames = [
        RuntimeError.Frame(
          file: String(parts[0]), line: number,
          function: parts.count > 2 ? String(parts[2].drop { $0 == " " }) : nil)
      ]
    }
    return error
  }

  private static func abort(_ text: String) -> RuntimeError? {
    let line = text.textLines.first ?? ""
    var error = RuntimeError(
      kind: .logged, language: CPlusPlusRuntime.self, type: "abort", message: String(line))
    error.mayBeUnhandled = true
    return error
  }
}
