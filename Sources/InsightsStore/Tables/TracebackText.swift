internal import InsightsText

/// The stored form of a traceback: without the message of its error, which is stored separately.
///
/// Tracebacks that differ only in their messages are thus stored once.
struct TracebackText {
  /// The traceback without the message; `nil` without a traceback.
  let text: String?
  /// The number of characters of `text` before the message; `nil` if `text` is the whole traceback.
  let messagePlace: Int64?

  init(_ traceback: String?, around message: String?) {
    guard var traceback, var message, !message.isEmpty else {
      text = traceback
      messagePlace = nil
      return
    }
    let cut = traceback.withUTF8 { traceback in
      message.withUTF8 { Self.cut($0, from: traceback) }
    }
    text = cut?.text ?? traceback
    messagePlace = cut?.place
  }

  private static func cut(
    _ message: UnsafeBufferPointer<UInt8>, from traceback: UnsafeBufferPointer<UInt8>
  ) -> (text: String, place: Int64)? {
    // SQLite's functions treat NUL as the end of a text.
    guard !traceback.contains(0), let start = traceback.firstOffset(of: message, from: 0)
    else { return nil }
    let head = traceback[..<start]
    let text = [head, traceback[(start + message.count)...]].joined()
    // SQLite counts characters, that is, all bytes except continuation bytes.
    return (
      String(decoding: Array(text), as: UTF8.self), Int64(head.count { $0 & 0xC0 != 0x80 })
    )
  }
}
