import InsightsText
import Testing

@testable import InsightsStore

@Suite("what is left out of stored messages")
struct StrippedPartsTests {
  private func parts(_ literal: String, ignoresCase: Bool = false) throws -> StrippedParts {
    let search = try #require(LiteralSearch(Array(literal.utf8), ignoresCase: ignoresCase))
    return StrippedParts(touchedBy: search)
  }

  @Test(
    "a literal may have a byte in common with a part",
    arguments: [
      ("ERROR", []), ("(timeout)", []), ("no such user", []), ("ERROR ", []), ("request", []),
      ("Id: ", []), ("g-", []), ("Id: 7f1c0a52x", []),
      // Ends as an id or a time begins.
      ("not found", .requestID), ("Id: 7f1c", .requestID), ("user 9", [.requestID, .time]),
      ("in 2026-0", [.requestID, .time]), ("in 2026-01-01T", .time), ("in 7x26-01-01T", []),
      // Begins as an id or a time ends.
      ("cold starts", .requestID), ("Z\t", .time), ("T\t", []), (".000Z\t", .time),
      (".000z\t", []), ("9Z\t", [.requestID, .time]), ("-123456789012 Version: ", .requestID),
      ("-12345678901 Version: ", []), ("x-123456789012 Version: ", []),
      // Inside one.
      ("db", .requestID), ("0a52-6a1e", .requestID), (":00:", .time),
      ("2026", [.requestID, .time]), ("2026-01-01", [.requestID, .time]),
      ("T0", [.requestID, .time]),
      // Around a whole one.
      ("[7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10]", .requestID),
      ("[7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be1]", []),
      ("on 2026-01-01T00:00:00.000Z on", .time),
      ("[2026-01-01T00:00:00.000Z]", .time),
    ] as [(String, StrippedParts)])
  func touched(literal: String, expected: StrippedParts) throws {
    #expect(try parts(literal) == expected)
  }

  @Test("case counts only where it does in the search")
  func ignoringCase() throws {
    #expect(try parts("z\t", ignoresCase: true) == .time)
    #expect(try parts("COLD start") == [])
    #expect(try parts("COLD start", ignoresCase: true) == .requestID)
    #expect(try parts("TIMEOUT", ignoresCase: true) == [])
  }
}
