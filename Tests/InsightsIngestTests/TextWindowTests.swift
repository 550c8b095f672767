import Testing

@testable import InsightsIngest

@Suite("Text windows")
struct TextWindowTests {
  @Test("bytes are added at the end and taken from the start", arguments: [1, 3, 1000])
  func window(_ step: Int) {
    var window = TextWindow()
    var expected: [UInt8] = []
    for round in 0..<200 {
      let piece = (0..<step).map { UInt8(truncatingIfNeeded: $0 &+ round) }
      let room = window.room(for: step)
      #expect(room.count >= step)
      _ = room.update(fromContentsOf: piece)
      window.add(step)
      expected += piece
      let taken = round * 7 % (expected.count + 1)
      window.removeFirst(taken)
      expected.removeFirst(taken)
      let bytes = Array(window.bytes)
      #expect(bytes == expected)
      let (count, isEmpty) = (window.count, window.isEmpty)
      #expect(count == expected.count)
      #expect(isEmpty == expected.isEmpty)
    }
    window.removeFirst(.max)
    window.removeFirst(-1)
    let isEmpty = window.isEmpty
    #expect(isEmpty)
  }

  /// The text that a normalizer makes of bytes that come in pieces of a size.
  private func normalized(_ bytes: [UInt8], pieceSize: Int) -> (text: [UInt8], repairs: [String]) {
    var normalizer = TextNormalizer()
    var window = TextWindow()
    var text: [UInt8] = []
    var rest = bytes[...]
    var isAtEnd = false
    while !isAtEnd {
      let piece = rest.prefix(pieceSize)
      rest = rest.dropFirst(piece.count)
      isAtEnd = piece.isEmpty
      _ = normalizer.room(for: pieceSize, behind: &window).update(fromContentsOf: piece)
      normalizer.add(piece.count, to: &window)
      // Now and then something is taken, so that the text moves.
      if window.count > 20 {
        text += window.bytes.prefix(11)
        window.removeFirst(11)
      }
    }
    return (text + window.bytes, normalizer.repairs)
  }

  @Test("line ends are repaired wherever the input is cut", arguments: [2, 3, 5, 8, 61, 4096])
  func lineEnds(_ size: Int) {
    let text = "one\r\n" + String(repeating: "a\rb\r\r\nc\r\n\r\n\r", count: 30) + "\r"
    let plain = "one\n" + String(repeating: "a\rb\r\nc\n\n\r", count: 30) + "\r"
    #expect(normalized(Array(text.utf8), pieceSize: max(size, 6)).text == Array(plain.utf8))
    let units: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(normalized(units, pieceSize: max(size, 12)).text == Array(plain.utf8))
  }

  @Test("UTF-16 is read wherever it is cut, surrogates and all", arguments: [2, 3, 4, 7, 4096])
  func utf16(_ size: Int) {
    let text = String(repeating: "naïve – 漢字 🚀\n", count: 20)
    let units: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    #expect(normalized(units, pieceSize: size).text == Array(text.utf8))
  }

  @Test("text that needs no repair is left alone", arguments: [3, 64, 4096])
  func plain(_ size: Int) {
    let text = Array("\nfull width ！\na \u{FEFF} b\n{}\ra\n".utf8)
    let result = normalized(text, pieceSize: size)
    #expect(result.text == text)
    #expect(result.repairs.isEmpty)
  }

  @Test("marks where files were joined are left out, at the start of a piece too")
  func marks() {
    let text = Array("\u{FEFF}{}\u{FEFF}{}\n\u{FEFF}a\u{FEFF}b\n".utf8)
    let plain = Array("{}{}\na\u{FEFF}b\n".utf8)
    #expect(normalized(text, pieceSize: 4096).text == plain)
    #expect(normalized(text, pieceSize: 5).text == plain)
  }
}
