internal import InsightsStore
internal import InsightsText

/// Errors of C++: `terminate called after throwing an instance of 'type'`, with `  what():
/// message` on the next line.
enum CPlusPlusRuntime: LanguageRuntime {
  static let name = "cpp"
  static let sourceSuffixes = [".cpp", ".cc"]
  static let marks: ErrorMarks = .apostrophe
  private static let head: StaticString = "terminate called after throwing an instance of '"
  private static let what: StaticString = "what():  "

  static let lines: [TracebackLine] = [
    TracebackLine(head, .head), TracebackLine(what, .body, isIndented: true),
  ]
  static let outOfMemoryPhrases: [StaticString] = ["std::bad_alloc"]
  static let lastWords = [LastWords(beginning: head, words: ["std::bad_alloc"])]

  static func mayTell(_ text: UnsafeBufferPointer<UInt8>) -> Bool { text.holds(head, at: 0) }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let rest = text.utf8.dropFirst(head.utf8CodeUnitCount)
    var error = RuntimeError(
      kind: .unhandled, language: CPlusPlusRuntime.self,
      type: String(Substring(rest.prefix { $0 != UInt8(ascii: "'") })))
    if let start = text.offset(of: what) {
      let words = text.utf8.dropFirst(start + what.utf8CodeUnitCount)
      error.message = String(Substring(words).trimmingSuffix("\n"))
      error.traceback = text
    }
    return error
  }
}
