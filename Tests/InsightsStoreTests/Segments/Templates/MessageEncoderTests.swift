@testable import InsightsSegments
import InsightsTestSupport
import Testing

@testable import InsightsStore

@Suite("The messages of a segment")
struct MessageEncoderTests {
  private func columns(_ messages: [[UInt8]]) -> (columns: Set<SegmentColumn>, byteCount: Int) {
    var events = SegmentEvents()
    for message in messages {
      message.withUnsafeBufferPointer {
        events.append(EventRow(timestamp: 0, streamID: 1, sourceID: 1, message: $0))
      }
    }
    let blocks = MessageEncoder().encode(events, compressor: BlockCompressor()).blocks
    return (Set(blocks.map(\.column)), blocks.reduce(0) { $0 + $1.bytes.count })
  }

  @Test("random bytes are plain text, whose templates would be larger", arguments: [64, 700])
  func randomBytes(count: Int) {
    var generator = SeededGenerator(state: 1)
    let messages = (0..<count).map { _ in
      (0..<100).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
    let (columns, byteCount) = columns(messages)
    #expect(columns == [.text, .lengths, .filter])
    #expect(byteCount < count * 100 + count * 100 / 20 + 16_384)
  }

  @Test("lines that are alike are templates", arguments: [1, 10, 3000])
  func alike(count: Int) {
    let (columns, _) = columns((0..<count).map { Array("line \($0) of \($0 % 5)".utf8) })
    #expect(columns == [.messages(.templates), .messages(.variables(.integers))])
  }

  @Test("lines of which no two are alike are templates where these are smaller than text")
  func hardlyAlike() {
    var generator = SeededGenerator(state: 2)
    func letters(_ count: Int) -> String {
      String((0..<count).map { _ in "abcdefghij".randomElement(using: &generator) ?? "a" })
    }
    func digits(_ count: Int) -> String {
      String((0..<count).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" })
    }
    let jobs = (0..<2000).map { _ in
      let id = "\(digits(8))-\(digits(4))-\(digits(4))-\(digits(4))-\(digits(12))"
      return Array("job \(letters(5)) of \(id)".utf8)
    }
    #expect(columns(jobs).columns.contains(.messages(.uuids)))
    let words = (0..<2000).map { _ in
      Array((0..<9).map { _ in letters(4) }.joined(separator: "/").utf8)
    }
    #expect(columns(words).columns.contains(.text))
  }
}
