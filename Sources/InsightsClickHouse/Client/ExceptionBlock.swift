/// Finds the error that a server writes behind rows which it has sent already.
///
/// ```text
/// …rows…\r\n__exception__\r\n<tag>\r\n<message>\n<length> <tag>\r\n__exception__\r\n
/// ```
///
/// The tag is one of the answer's header fields, so that rows cannot be taken for it. Servers before 25.11 have
/// none, and write the message as it is.
struct ExceptionBlock {
  private static let mark = Array("__exception__\r\n".utf8)
  /// Bytes of an error that are kept; the server cuts messages at 16 KB.
  static let byteLimit = 32 << 10

  private let tag: [UInt8]
  /// The end of what has come, as far as it may belong to an error.
  private var tail: [UInt8] = []

  init(tag: String) {
    self.tag = Array(tag.utf8)
  }

  /// Takes the next bytes of the answer; gives those that are rows for certain.
  ///
  /// What may be an error stays behind until the end.
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
    // The beginning of a block may be at the end.
    let kept = min(tail.count, beginning.count)
    let count = tail.count - kept
    defer { tail.removeFirst(count) }
    return Array(tail[..<count])
  }

  /// Bytes that look like an error and are rows, as the answer has ended well.
  mutating func rest() -> [UInt8] {
    defer { tail = [] }
    return tag.isEmpty ? [] : tail
  }

  /// The error, if there is one; to be asked at the end.
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
