import InsightsText
import Testing

@testable import InsightsIngest
@testable import InsightsStore

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
    #expect(SourceHash.isOne(hash(pieces)))
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

  @Test("a source of a store that was made with the former hash is recognised, also when grown")
  func formerHash() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<50).map { "line \($0)\n" }.joined()
    let file = try folder.write(lines, to: "a.log")
    try folder.ingest([file])
    var former = ContentHash()
    Array(lines.utf8).withUnsafeBufferPointer { former.update($0) }
    let store = try Store(path: folder.path + "/test.db", access: .readWrite)
    try store.connection.execute("UPDATE sources SET content_hash = '\(former.text)'")
    try store.close()
    let again = try folder.ingest([file])
    #expect((again.events, again.duplicates) == (0, 50))
    _ = try folder.write(lines + "more\n", to: "a.log")
    let grown = try folder.ingest([file])
    #expect((grown.events, grown.duplicates) == (1, 50))
    #expect(try folder.column("SELECT count(*) FROM log_events") == ["51"])
  }
}
