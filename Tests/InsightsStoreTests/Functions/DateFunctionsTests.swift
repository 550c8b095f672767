import InsightsModel
import Testing

@Suite("SQL functions: dates")
struct DateFunctionsTests {
  /// Milliseconds of a UTC time, as SQLite computes them.
  private func time(_ text: String) throws -> Int64 {
    guard
      case .integer(let seconds) = try evaluate("CAST(strftime('%s', '\(text)') AS INTEGER)")
    else { return .min }
    return seconds * 1000
  }

  @Test(
    "a time goes down to the start of its period, or up to the start of the next",
    arguments: [
      ("2023-01-02 03:04:05", 1, "s", "2023-01-02 03:04:05", "2023-01-02 03:04:05"),
      ("2023-01-02 03:04:05", 5, "m", "2023-01-02 03:00:00", "2023-01-02 03:05:00"),
      ("2023-01-02 03:04:05", 1, "h", "2023-01-02 03:00:00", "2023-01-02 04:00:00"),
      ("2023-01-02 03:04:05", 1, "d", "2023-01-02 00:00:00", "2023-01-03 00:00:00"),
      ("2023-01-04 03:04:05", 1, "w", "2023-01-02 00:00:00", "2023-01-09 00:00:00"),
      ("2023-01-01 23:59:59", 1, "w", "2022-12-26 00:00:00", "2023-01-02 00:00:00"),
      ("2023-01-02 00:00:00", 1, "w", "2023-01-02 00:00:00", "2023-01-02 00:00:00"),
      ("2024-02-29 12:00:00", 1, "mo", "2024-02-01 00:00:00", "2024-03-01 00:00:00"),
      ("2024-12-31 12:00:00", 1, "mo", "2024-12-01 00:00:00", "2025-01-01 00:00:00"),
      ("2024-12-01 00:00:00", 1, "mo", "2024-12-01 00:00:00", "2024-12-01 00:00:00"),
      ("2024-05-05 00:00:00", 1, "q", "2024-04-01 00:00:00", "2024-07-01 00:00:00"),
      ("2024-05-05 00:00:00", 2, "q", "2024-01-01 00:00:00", "2024-07-01 00:00:00"),
      ("2024-05-05 00:00:00", 1, "y", "2024-01-01 00:00:00", "2025-01-01 00:00:00"),
      ("2024-05-05 00:00:00", 10, "y", "2020-01-01 00:00:00", "2030-01-01 00:00:00"),
      ("1969-12-31 23:30:00", 1, "h", "1969-12-31 23:00:00", "1970-01-01 00:00:00"),
      ("1969-12-15 00:00:00", 1, "mo", "1969-12-01 00:00:00", "1970-01-01 00:00:00"),
      ("1969-12-15 00:00:00", 1, "y", "1969-01-01 00:00:00", "1970-01-01 00:00:00"),
      ("1969-12-28 12:00:00", 1, "w", "1969-12-22 00:00:00", "1969-12-29 00:00:00"),
      ("1900-03-01 12:00:00", 1, "mo", "1900-03-01 00:00:00", "1900-04-01 00:00:00"),
    ])
  func edges(of text: String, count: Int, unit: String, floor: String, ceiling: String) throws {
    let milliseconds = try time(text)
    #expect(
      try evaluate("ql_datefloor(\(milliseconds), \(count), '\(unit)')") == .integer(time(floor)))
    #expect(
      try evaluate("ql_dateceil(\(milliseconds), \(count), '\(unit)')") == .integer(time(ceiling)))
  }

  @Test(
    "milliseconds, fractions and numbers as text",
    arguments: [
      ("ql_datefloor(1234, 500, 'ms')", .integer(1000)),
      ("ql_datefloor(-1, 1, 's')", .integer(-1000)),
      ("ql_dateceil(-1, 1, 's')", .integer(0)), ("ql_datefloor('1999', 1, 's')", .integer(1000)),
      ("ql_datefloor(-0.5, 1, 'ms')", .integer(-1)), ("ql_datefloor(NULL, 1, 's')", .null),
      ("ql_datefloor('now', 1, 's')", .null), ("ql_datefloor(1, 0, 's')", .null),
      ("ql_datefloor(1, -1, 'mo')", .null), ("ql_datefloor(1, 1, 'fortnight')", .null),
      ("ql_datefloor(1, 1, '')", .null), ("ql_datefloor(1, 1, 'M')", .null),
    ] as [(String, Value)])
  func numbers(expression: String, value: Value) throws {
    #expect(try evaluate(expression) == value)
  }

  @Test(
    "times and counts at the ends of their range do no harm",
    arguments: ["ms", "s", "m", "h", "d", "w", "mo", "q", "y"])
  func extremes(unit: String) throws {
    for time in ["9223372036854775807", "-9223372036854775808", "8640000000000000", "1e300"] {
      for count in ["1", "1000000000", "9223372036854775807"] {
        for function in ["ql_datefloor", "ql_dateceil"] {
          switch try evaluate("\(function)(\(time), \(count), '\(unit)')") {
          case .null: break
          case .integer(let edge): #expect(edge.magnitude < 1 << 60)
          case let other: Issue.record("\(other)")
          }
        }
      }
    }
  }
}
