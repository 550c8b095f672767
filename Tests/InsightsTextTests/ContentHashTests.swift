import InsightsText
import Testing

@Suite("ContentHash")
struct ContentHashTests {
  private func hash(_ pieces: [[UInt8]]) -> String {
    var hash = ContentHash()
    for piece in pieces { piece.withUnsafeBufferPointer { hash.update($0) } }
    return hash.text
  }

  @Test("the hash does not depend on how the bytes are cut", arguments: [1, 3, 7, 8, 9, 64])
  func pieces(_ size: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let pieces = stride(from: 0, to: bytes.count, by: size).map {
      Array(bytes[$0..<min($0 + size, bytes.count)])
    }
    #expect(hash(pieces) == hash([bytes]))
  }

  @Test("texts that differ by a byte, a zero or the order have other hashes")
  func differences() {
    let texts: [[UInt8]] = [
      [], [0], [0, 0], [1], [0, 1], [1, 0], Array("abcdefgh".utf8), Array("abcdefgh\0".utf8),
      Array("hgfedcba".utf8), Array("abcdefghabcdefgi".utf8), Array("abcdefgiabcdefgh".utf8),
    ]
    #expect(Set(texts.map { hash([$0]) }).count == texts.count)
  }

  @Test("the text is 32 hexadecimal digits")
  func text() {
    #expect(hash([]).count == 32)
    let digits = hash([[1, 2, 3]])
    #expect(digits.allSatisfy { $0.isHexDigit })
  }
}
