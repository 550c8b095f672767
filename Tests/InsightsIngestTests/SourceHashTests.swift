import Testing

@testable import InsightsIngest

@Suite("Hashes of sources")
struct SourceHashTests {
  private func hash(_ pieces: [[UInt8]]) -> String {
    var hash = SourceHash()
    for piece in pieces { piece.withUnsafeBufferPointer { hash.update($0) } }
    return hash.text
  }

  @Test(
    "the hash does not depend on how the bytes are cut", arguments: [1, 3, 63, 64, 65, 128, 1000])
  func pieces(_ size: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let pieces = stride(from: 0, to: bytes.count, by: size).map {
      Array(bytes[$0..<min($0 + size, bytes.count)])
    }
    #expect(hash(pieces) == hash([bytes]))
  }

  @Test("texts that differ in one byte, in length or in the order of blocks have other hashes")
  func differences() {
    let text = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 91) }
    var texts = (0...text.count).map { Array(text[..<$0]) }
    for index in text.indices {
      var other = text
      other[index] ^= 1
      texts.append(other)
    }
    texts.append(Array(text[64..<128] + text[..<64] + text[128...]))
    texts += [63, 64, 65, 128].map { [UInt8](repeating: 0, count: $0) }
    #expect(Set(texts.map { hash([$0]) }).count == texts.count)
  }
}
