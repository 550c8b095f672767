/// Terminal control sequences.
enum ANSISequence {
  static let escape: UInt8 = 0x1B

  /// Returns the offset after the CSI or OSC sequence at `start`; `nil` if there is none.
  static func end(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard start + 1 < text.count, text[start] == escape else { return nil }
    var index = start + 2
    switch text[start + 1] {
    case UInt8(ascii: "["):
      while index < text.count, text[index] < 0x40 { index += 1 }
      return index < text.count ? index + 1 : nil
    case UInt8(ascii: "]"):
      // It ends with BEL, or with ESC and a backslash; an unterminated one is not a sequence.
      while index < text.count, index - start < 4096 {
        if text[index] == 0x07 { return index + 1 }
        if text[index] == escape { return min(index + 2, text.count) }
        index += 1
      }
      return nil
    default: return nil
    }
  }

  /// Returns the text without control sequences.
  static func stripped(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if let end = end(in: text, at: index) {
        index = end
      } else {
        output.append(text[index])
        index += 1
      }
    }
    return output
  }
}
