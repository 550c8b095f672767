@testable import InsightsSegments
internal import InsightsSQLite
import InsightsTestSupport
import InsightsText
import Testing

import InsightsModel
@testable import InsightsStore

@Suite("Messages of stored segments")
struct StoredMessagesTests {
  private static func texts(_ text: SegmentText) -> [[UInt8]] {
    (0..<text.offsets.count - 1).map { Array(text.bytes[text.range(of: $0)]) }
  }

  private func store(_ messages: [[UInt8]], timestamps: [Int64?]) throws -> StoredSegment {
    // A request id is what stands behind `id `.
    try StoredSegment(messages, timestamps: timestamps) { message, _, _, columns in
      guard let place = message.firstOffset(of: "id "), place + 39 <= message.count else { return }
      columns.requestID = place + 3..<place + 39
    }
  }

  private static func lines(_ count: Int) -> [[UInt8]] {
    (0..<count).map { number in
      let id = "9974d75b-3338-44fe-a179-0134676b\(1000 + number / 3)"
      return Array("2026-01-01T00:00:00.\(100 + number % 900)Z id \(id) took \(number) ms".utf8)
    }
  }

  @Test("messages, some of them, and request ids are read again", arguments: [1, 3, 10, 2000])
  func read(count: Int) throws {
    let lines = Self.lines(count)
    let stored = try store(lines, timestamps: lines.indices.map { Int64($0) })
    #expect(Self.texts(try stored.reader().messages()) == lines)
    let some = (0..<UInt16(count)).filter { $0 % 5 == 0 }
    #expect(Self.texts(try stored.reader().messages(of: some)) == some.map { lines[Int($0)] })
    #expect(
      try stored.reader().messageByteCounts(of: some) == some.map { lines[Int($0)].count })
    let ids = try #require(try stored.reader().requestIDs())
    for (event, line) in lines.enumerated() {
      var id: [UInt8] = []
      ids.append(Int(ids.indexes[event]), to: &id)
      #expect(id == Array(line[28..<64]))
    }
  }

  @Test("messages of plain text are read again")
  func plainText() throws {
    var generator = SeededGenerator(state: 6)
    let lines = (0..<600).map { _ in
      (0..<40).map { _ in UInt8.random(in: 128...255, using: &generator) }
    }
    let stored = try store(lines, timestamps: lines.map { _ in nil })
    #expect(try stored.reader().templates() == nil)
    #expect(Self.texts(try stored.reader().messages()) == lines)
    #expect(Self.texts(try stored.reader().messages(of: [7, 599])) == [lines[7], lines[599]])
    #expect(try stored.reader().messageByteCounts(of: [7, 599]) == [40, 40])
    #expect(try stored.reader().filter() != nil)
  }

  @Test("a block that is damaged or missing is an error, whatever it has")
  func damage() throws {
    let lines = Self.lines(300)
    let columns: [SegmentColumn] = [
      .messages(.templates), .messages(.variables(.integers)), .messages(.uuids), .timestamps,
    ]
    for column in columns {
      for sql in ["DELETE FROM segment_blocks", "UPDATE segment_blocks SET data = x'0001'"] {
        let stored = try store(lines, timestamps: lines.indices.map { Int64($0) })
        try stored.connection.execute("\(sql) WHERE id = \(column.blockID(ofSegment: 1))")
        #expect(throws: StoreError.self) { try stored.reader().messages() }
      }
    }
  }
}
