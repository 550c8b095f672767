internal import InsightsText

/// A line of a traceback that came in pieces: what goes straight to a process's output is cut into
/// one event a line.
enum TracebackLine {
  /// What a line is in a traceback.
  enum Role {
    /// The first line: `Traceback …`, `panic: …`, `thread 'main' panicked at …`.
    case head
    /// An exception in words: the first line of a stack, or the last of a Python traceback.
    case exception
    /// A frame, a cause, or what else stands in the middle.
    case body
  }

  /// The role of an event's only line; `nil` where the event is no such line.
  static func role(of message: UnsafeBufferPointer<UInt8>) -> Role? {
    // Most events begin with a brace or a digit, and no line of a traceback does.
    guard let first = message.first, first != UInt8(ascii: "{"), first &- 48 >= 10 else {
      return nil
    }
    var end = message.count
    while end > 0, message[end - 1] == 0x0A || message[end - 1] == 0x0D { end -= 1 }
    guard end > 3, end < 65_536, message.firstOffset(of: 0x0A, to: end) == nil else { return nil }
    let line = UnsafeBufferPointer(rebasing: message[..<end])
    switch line[0] {
    case 0x20, 0x09, 0xC2:
      if line.holds("  + Exception Group Traceback (most recent call last):", at: 0) {
        return .head
      }
      return isBody(line) ? .body : nil
    case UInt8(ascii: "#"):
      // PHP: #0 /var/task/app.php(12): f()
      return line[1] &- 48 < 10 && line.firstOffset(of: 0x20, to: 6) != nil ? .body : nil
    case UInt8(ascii: "["):
      if line.holds("[signal ", at: 0) { return .body }
      // PHP's log writes the time before it.
      guard let close = line.firstOffset(of: UInt8(ascii: "]"), to: 40) else { return nil }
      return line.holds(" PHP Fatal error:  ", at: close + 1) ? .head : nil
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      return wordRole(of: line)
    default: return nil
    }
  }

  private static func isBody(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = 0
    while start < line.count, line[start] <= 0x20 || line[start] == 0xC2 || line[start] == 0xA0 {
      start += 1
    }
    // The margin of an exception group.
    while line.holds("| ", at: start) || line.holds("+ ", at: start) {
      start += 2
      while start < line.count, line[start] == 0x20 { start += 1 }
    }
    let beginnings: [StaticString] = [
      "at ", "File \"", "... ", "Caused by: ", "Suppressed: ", "---> ", "--- End of ", "from ",
      "thrown in ", "+-+-", "+----", "Traceback (most recent", "Exception Group Traceback",
      "ExceptionGroup: ", "[Previous line repeated", "[line repeated",
    ]
    if beginnings.contains(where: { line.holds($0, at: start) }) { return true }
    // Go: a TAB, path:line, and the offset in the function.
    return line[0] == 0x09 && line.count > 1 && line[1] == UInt8(ascii: "/")
      && line.firstOffset(of: ".go:") != nil
  }

  private static func wordRole(of line: UnsafeBufferPointer<UInt8>) -> Role? {
    if isHead(line) { return .head }
    let bodies: [StaticString] = [
      "goroutine ", "created by ", "Caused by: ", "Stack trace:", "During handling of the above",
      "The above exception was the direct", "note: run with `RUST_BACKTRACE", "runtime stack:",
      "exit status ", "stack backtrace:",
    ]
    if bodies.contains(where: { line.holds($0, at: 0) }) { return .body }
    if isException(line) { return .exception }
    // Go: main.(*Store).put(0xc000112000, …)
    if line[line.count - 1] == UInt8(ascii: ")"),
      let open = line.firstOffset(of: UInt8(ascii: "(")),
      line[..<open].contains(UInt8(ascii: ".")), !line[..<open].contains(0x20)
    {
      return .body
    }
    return nil
  }

  private static func isHead(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    switch line[0] {
    case UInt8(ascii: "T"): line.holds("Traceback (most recent call last):", at: 0)
    case UInt8(ascii: "p"): line.holds("panic: ", at: 0)
    case UInt8(ascii: "f"): line.holds("fatal error: ", at: 0)
    case UInt8(ascii: "t"): RustErrors.isPanic(line)
    case UInt8(ascii: "P"): line.holds("PHP Fatal error:  ", at: 0)
    case UInt8(ascii: "N"): line.holds("NOTICE: PHP message: PHP Fatal error:  ", at: 0)
    case UInt8(ascii: "E"): line.holds("Exception in thread \"", at: 0)
    case UInt8(ascii: "U"): line.holds("Unhandled exception. ", at: 0)
    default: false
    }
  }

  /// `name: message` or a bare name, which names an exception.
  private static func isException(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var end = 0
    while end < line.count, isNameByte(line[end]) { end += 1 }
    guard end > 3, end == line.count || line[end] == UInt8(ascii: ":") else { return false }
    var start = end
    while start > 0, line[start - 1] != UInt8(ascii: ".") { start -= 1 }
    guard line[start] &- UInt8(ascii: "A") < 26 else { return false }
    let suffixes: [StaticString] = [
      "Error", "Exception", "Interrupt", "Exit", "Warning", "Iteration", "Fault", "Failure",
      "Group",
    ]
    if suffixes.contains(where: {
      line.holds($0, at: end - $0.utf8CodeUnitCount) && end >= $0.utf8CodeUnitCount
    }) {
      return true
    }
    // A class of the application may be called anything; only with its module is it told from text.
    return start > 0 && end < line.count
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$")
  }
}
