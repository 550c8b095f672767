internal import InsightsStore
internal import InsightsText

/// Errors of PHP that end the process: `PHP Fatal error:  <message> in <file> on line <n>`.
enum PHPErrors: RuntimeErrorParser {
  private static let head: StaticString = "PHP Fatal error:  "

  static func isCandidate(_ message: EventMessage) -> Bool {
    message.jsonOffset != 0 && message.bytes.firstOffset(of: head) != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let bytes = message.bytes
    guard let start = bytes.firstOffset(of: head) else { return nil }
    let textStart = start + head.utf8CodeUnitCount
    let textEnd = bytes.firstOffset(of: 0x0A, from: textStart) ?? bytes.count
    let text = String(decoding: bytes[textStart..<textEnd], as: UTF8.self)
    var error = RuntimeError(
      kind: .unhandled, runtime: "php", type: "PHP Fatal error", message: text)
    let line = UnsafeBufferPointer(rebasing: bytes[textStart..<textEnd])
    if let fileStart = line.firstOffset(of: " in /"),
      let lineStart = line.firstOffset(of: " on line ", from: fileStart)
    {
      error.message = String(decoding: line[..<fileStart], as: UTF8.self)
      let number = String(decoding: line[(lineStart + 9)...], as: UTF8.self)
      error.frames = [
        RuntimeError.Frame(
          file: String(decoding: line[(fileStart + 4)..<lineStart], as: UTF8.self),
          line: Int64(number.prefix { $0.isASCII && $0.isNumber }))
      ]
    }
    return error
  }
}
