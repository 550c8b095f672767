import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsStore

@Suite("what is left out of stored messages")
struct StrippedTextTests {
  private func parts(_ literal: String, ignoresCase: Bool = false) throws -> [StrippedPart] {
    let search = try #require(LiteralSearch(Array(literal.utf8), ignoresCase: ignoresCase))
    return StrippedPart.allCases.filter { !$0.starts(of: search).isEmpty }
  }

  @Test(
    "a literal may have a byte in common with a part",
    arguments: [
      ("ERROR", []), ("(timeout)", []), ("no such user", []), ("ERROR ", []), ("request", []),
      ("Id: ", []), ("g-", []), ("Id: 7f1c0a52x", []),
      // Ends as an id or a time begins.
      ("not found", [.requestID]), ("Id: 7f1c", [.requestID]), ("user 9", [.requestID, .time]),
      ("in 2026-0", [.requestID, .time]), ("in 2026-01-01T", [.time]), ("in 7x26-01-01T", []),
      // Begins as an id or a time ends.
      ("cold starts", [.requestID]), ("Z\t", [.time]), ("T\t", []), (".000Z\t", [.time]),
      (".000z\t", []), ("9Z\t", [.requestID, .time]), ("-123456789012 Version: ", [.requestID]),
      ("-12345678901 Version: ", []), ("x-123456789012 Version: ", []),
      // Inside one.
      ("db", [.requestID]), ("0a52-6a1e", [.requestID]), (":00:", [.time]),
      ("2026", [.requestID, .time]), ("2026-01-01", [.requestID, .time]),
      ("T0", [.requestID, .time]),
      // Around a whole one.
      ("[7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10]", [.requestID]),
      ("[7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be1]", []),
      ("on 2026-01-01T00:00:00.000Z on", [.time]),
      ("[2026-01-01T00:00:00.000Z]", [.time]),
    ] as [(String, [StrippedPart])])
  func touched(literal: String, expected: [StrippedPart]) throws {
    #expect(try parts(literal) == expected)
  }

  @Test("case counts only where it does in the search")
  func ignoringCase() throws {
    #expect(try parts("z\t", ignoresCase: true) == [.time])
    #expect(try parts("COLD start") == [])
    #expect(try parts("COLD start", ignoresCase: true) == [.requestID])
    #expect(try parts("TIMEOUT", ignoresCase: true) == [])
  }

  @Test("what is left tells which messages have a literal", arguments: 0..<16)
  func search(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    func letters() -> String {
      String(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
          "a0-:TZ x".randomElement(using: &random) ?? "x"
        })
    }
    let ids = [
      "a0000000-0000-0000-0000-00000000000a", "00000000-aaaa-0000-0000-000000000000",
    ]
    var shapes = EventShapes()
    var lengths: [Int64] = []
    var stripped: [UInt8] = []
    var messages: [String] = []
    for _ in 0..<40 {
      var shape = EventShape(group: TextGroup.other.rawValue, type: 0)
      var message = letters()
      stripped += message.utf8
      var parts = StrippedPart.allCases.shuffled(using: &random)
      parts.removeLast(Int.random(in: 0...2, using: &random))
      for part in parts {
        let place = Int64(message.utf8.count)
        switch part {
        case .requestID:
          shape.requestPlace = place
          message += ids.randomElement(using: &random) ?? ""
        case .time:
          shape.timePlace = place
          message += "2000-00-00T00:00:00.000Z"
        }
        let between = letters()
        message += between
        stripped += between.utf8
      }
      shapes.append(shape)
      lengths.append(Int64(message.utf8.count))
      messages.append(message)
    }
    let text = try #require(
      StrippedText(stripped, of: .other, shapes: shapes, lengths: lengths))

    var decidedCount = 0
    for _ in 0..<400 {
      let source = Array((messages.randomElement(using: &random) ?? "").utf8)
      guard source.count > 1 else { continue }
      let start = Int.random(in: 0..<source.count - 1, using: &random)
      var bytes = Array(
        source[start..<min(source.count, start + Int.random(in: 1...8, using: &random))])
      if Bool.random(using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = 0x78
      }
      let search = try #require(LiteralSearch(bytes))
      let literal = RequiredLiteral(search)
      if text.mayReachGaps(literal) { continue }
      decidedCount += 1
      for (number, message) in messages.enumerated() {
        let range = Int(text.text.offsets[number])..<Int(text.text.offsets[number + 1])
        let isFound = range.contains { place in
          let end = place + bytes.count
          return end <= range.upperBound && stripped[place..<end].elementsEqual(bytes)
            && !text.isBroken(place..<end, inMessage: number)
        }
        #expect(isFound == Array(message.utf8).holds(bytes), "\(message): \(bytes)")
      }
    }
    #expect(decidedCount > 20)
  }
}

extension [UInt8] {
  fileprivate func holds(_ bytes: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: bytes) }
  }
}
