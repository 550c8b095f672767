/// A value of the query language: a literal, or a cell of a result.
public enum Value: Hashable, Sendable {
  /// A missing field.
  ///
  /// The language has no literal for it.
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  /// An integer beyond 64 bits in an event: its digits, with a sign if it is negative.
  case wide(String)
}

/// The static type of a value, before the query runs.
public enum ValueType: String, Hashable, Sendable {
  /// A discovered field: text or a number, known only event by event.
  case any
  case number
  case text
  /// A comparison or predicate; displayed as 1 or 0.
  case boolean
  /// Milliseconds since 1970-01-01 UTC; shown as `2026-02-11 09:15:00.123`.
  case timestamp
  /// A map or a list, as JSON text.
  case structure
  /// A list, as JSON text.
  case list
  /// A part of a map or a list: text, a number, or again a map or a list.
  case element

  /// Whether every value is a map or a list.
  public var isStructure: Bool { self == .structure || self == .list }
}
