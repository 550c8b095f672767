internal import InsightsStore
internal import InsightsText

/// Errors of Go: `panic: …` on standard error, and the frames that the runtime client prints.
enum GoErrors: RuntimeErrorParser {
  private static let head: StaticString = "panic: "

  static func isCandidate(_ message: EventMessage) -> Bool {
    message.bytes.holds(head, at: 0)
  }

  /// The first line of a panic; the dump that follows is one event a line.
  static func parse(_ message: EventMessage) -> RuntimeError? {
    let bytes = message.bytes
    let end = bytes.firstOffset(of: 0x0A) ?? bytes.count
    return RuntimeError(
      kind: .unhandled, runtime: "go", type: "panic",
      message: String(decoding: bytes[head.utf8CodeUnitCount..<end], as: UTF8.self))
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
