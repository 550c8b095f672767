internal import InsightsScan
internal import InsightsSQLite
internal import InsightsText

/// `ql_strlen`, `ql_byte_count`, `ql_substr`, `ql_upper` and other text functions.
///
/// Positions and lengths count code points. A number is treated as its decimal text.
enum TextFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_strlen", arguments: 1) { TextFunctions.length(SQLCall($0, $1, $2)) },
      SQLFunction("ql_substr", arguments: 2, 3) { TextFunctions.substring(SQLCall($0, $1, $2)) },
      SQLFunction("ql_upper", arguments: 1) { TextFunctions.upper(SQLCall($0, $1, $2)) },
      SQLFunction("ql_lower", arguments: 1) { TextFunctions.lower(SQLCall($0, $1, $2)) },
      SQLFunction("ql_replace", arguments: 3) { TextFunctions.replace(SQLCall($0, $1, $2)) },
      SQLFunction("ql_concat", arguments: -1) { TextFunctions.concat(SQLCall($0, $1, $2)) },
      SQLFunction("ql_isempty", arguments: 1) { TextFunctions.isEmpty(SQLCall($0, $1, $2)) },
      SQLFunction("ql_byte_count", arguments: 1) { TextFunctions.byteCount(SQLCall($0, $1, $2)) },
      SQLFunction("ql_text", arguments: 1) { TextFunctions.text(SQLCall($0, $1, $2)) },
    ]
  }

  private static func length(_ call: SQLCall) { call.setResult(TextKernels.length(call[0])) }

  private static func byteCount(_ call: SQLCall) { call.setResult(TextKernels.byteCount(call[0])) }

  /// Zero-based; a start before the text means its beginning, and a start after its end gives an
  /// empty text.
  private static func substring(_ call: SQLCall) {
    guard !call.hasNull, let start = call[1].wholeNumber else { return }
    var length = Int64.max
    if call.argumentCount == 3 {
      guard let wanted = call[2].wholeNumber else { return }
      length = wanted
    }
    call[0].withText { text in
      let first = offset(ofCodePoint: max(start, 0), in: text, from: 0)
      let end = offset(ofCodePoint: max(length, 0), in: text, from: first)
      call.setResult(text: UnsafeBufferPointer(rebasing: text[first..<end]))
    }
  }

  /// Returns the offset of the code point `count` after the one at `start`; at most the end.
  private static func offset(
    ofCodePoint count: Int64, in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int {
    if count >= text.count - start { return text.count }
    var position = start
    for _ in 0..<count {
      guard position < text.count else { break }
      position += 1
      while position < text.count, !beginsCodePoint(text[position]) { position += 1 }
    }
    return position
  }

  private static func beginsCodePoint(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

  private static func upper(_ call: SQLCall) {
    changeCase(call, from: UInt8(ascii: "a")) { $0.uppercased() }
  }

  private static func lower(_ call: SQLCall) {
    changeCase(call, from: UInt8(ascii: "A")) { $0.lowercased() }
  }

  /// Maps ASCII text, the common case, byte by byte, and other text by Unicode's rules.
  private static func changeCase(
    _ call: SQLCall, from firstLetter: UInt8, unicode: (String) -> String
  ) {
    guard !call.hasNull else { return }
    let workspace = call.workspace
    call[0].withText { text in
      putChangedCase(of: text, from: firstLetter, unicode: unicode, to: &workspace.output)
      call.setResult(text: workspace.output)
    }
  }

  /// Replaces `output` by a text in another case.
  static func putChangedCase(
    of text: UnsafeBufferPointer<UInt8>, from firstLetter: UInt8, unicode: (String) -> String,
    to output: inout [UInt8]
  ) {
    output.removeAll(keepingCapacity: true)
    output.append(contentsOf: text)
    let isASCII = output.withUnsafeMutableBufferPointer { bytes in
      var union: UInt8 = 0
      for index in bytes.indices {
        union |= bytes[index]
        if bytes[index] &- firstLetter < 26 { bytes[index] ^= 0x20 }
      }
      return union < 0x80
    }
    if !isASCII {
      output.replaceSubrange(0..., with: unicode(String(decoding: text, as: UTF8.self)).utf8)
    }
  }

  /// Replaces every occurrence; an empty search text changes nothing.
  private static func replace(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let workspace = call.workspace
    call[0].withText { text in
      call[1].withText { wanted in
        call[2].withText { replacement in
          guard !wanted.isEmpty, var found = text.firstOffset(of: wanted) else {
            call.setResult(text: text)
            return
          }
          workspace.output.removeAll(keepingCapacity: true)
          var position = 0
          while true {
            workspace.output.append(
              contentsOf: UnsafeBufferPointer(rebasing: text[position..<found]))
            workspace.output.append(contentsOf: replacement)
            if workspace.output.count > QueryBudget.valueByteCount {
              return call.failWithTooLongValue()
            }
            position = found + wanted.count
            guard let next = text.firstOffset(of: wanted, from: position) else { break }
            found = next
          }
          workspace.output.append(contentsOf: UnsafeBufferPointer(rebasing: text[position...]))
          call.setResult(text: workspace.output)
        }
      }
    }
  }

  /// A missing argument counts as empty text.
  private static func concat(_ call: SQLCall) {
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    for index in 0..<call.argumentCount {
      call[index].withText { workspace.output.append(contentsOf: $0) }
      if workspace.output.count > QueryBudget.valueByteCount {
        return call.failWithTooLongValue()
      }
    }
    call.setResult(text: workspace.output)
  }

  private static func isEmpty(_ call: SQLCall) { call.setResult(TextKernels.isEmpty(call[0])) }

  private static func text(_ call: SQLCall) {
    guard !call.hasNull else { return }
    call[0].withText { call.setResult(text: $0) }
  }
}
