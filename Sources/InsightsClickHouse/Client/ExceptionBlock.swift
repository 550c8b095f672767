/// Finds the error that a server appends to rows that it has already sent.
///
/// ```text
/// …rows…\r\n__exception__\r\n<tag>\r\n<message>\n<length> <tag>\r\n__exception__\r\n
/// ```
///
/// The tag is one of the reply's header fields, so that rows cannot be mistaken for it. Servers
/// before 25.11 have none, and write only the message.
struct ExceptionBlock {
  private static let mark = Array("__exception__\r\n".utf8)
  /// The maximum size of an error in bytes; the server truncates messages at 16 KB.
  static let byteLimit = 32 << 10

  private let tag: [UInt8]
  /// The end of the received bytes, as far as it may belong to an error.
  private var tail: [UInt8] = []

  init(tag: String) {
    self.tag = Array(tag.utf8)
  }

  /// Adds the next bytes of the reply; returns those that certainly belong to rows.
  ///
  /// What may be an error is kept until the end.
  mutating func rows(of chunk: [UInt8]) -> [UInt8] {
    guard !tag.isEmpty else {
      tail = Array((tail + chunk).suffix(Self.byteLimit))
      return chunk
    }
    tail += chunk
    if let start = blockStart {
      defer { tail.removeFirst(start) }
      return Array(tail[..<start])
    }
    // A block may begin at the end of the chunk.
    let kept = min(tail.count, beginning.count)
    let count = tail.count - kept
    defer { tail.removeFirst(count) }
    return Array(tail[..<count])
  }

  /// Returns the kept bytes, which belong to rows if the reply ended successfully.
  mutating func rest() -> [UInt8] {
    defer { tail = [] }
    return tag.isEmpty ? [] : tail
  }

  /// The error, if there is one; valid at the end.
  var message: String? {
    guard !tag.isEmpty else {
      return Self.lastPosition(of: Array("Code: ".utf8), in: tail)
        .map { String(decoding: tail[$0...], as: UTF8.self) }
        .flatMap { $0.contains("DB::Exception") ? $0 : nil }
    }
    guard let start = blockStart else { return nil }
    var bytes = tail[(start + beginning.count)...]
    let ending = [UInt8(ascii: " ")] + tag + Array("\r\n".utf8)
    if let end = Self.lastPosition(of: ending, in: Array(bytes)) {
      bytes = bytes[..<(bytes.startIndex + end)]
      if let line = bytes.lastIndex(of: UInt8(ascii: "\n")) { bytes = bytes[..<line] }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var beginning: [UInt8] {
    Array("\r\n".utf8) + Self.mark + tag + Array("\r\n".utf8)
  }

  private var blockStart: Int? { Self.lastPosition(of: beginning, in: tail) }

  private static func lastPosition(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= pattern.count else { return nil }
    var start = bytes.count - pattern.count
    while start >= 0 {
      if bytes[start] == pattern[0], bytes[start..<start + pattern.count].elementsEqual(pattern) {
        return start
      }
      start -= 1
    }
    return nil
  }
}
