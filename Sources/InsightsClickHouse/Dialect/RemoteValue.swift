/// A value of a scan as ClickHouse's SQL computes it; a missing one is NULL.
struct RemoteValue: Equatable {
  /// What the values are, which decides how SQL treats them and how they come back.
  enum Kind: Equatable {
    /// `Nullable(Int64)`, also times: epoch milliseconds.
    case integer
    /// `Nullable(Float64)`.
    case real
    /// 1 or 0.
    case truth
    /// `Nullable(String)`: the text itself.
    case text
    /// `Nullable(String)`: a letter for the kind and the value, as in the column `fields`. The same value is the
    /// same text.
    case tagged
    /// `Nullable(String)`: digits and the like that denote a finite number, as they were written.
    case numeral
  }

  var sql: String
  var kind: Kind

  init(_ sql: String, _ kind: Kind) {
    self.sql = sql
    self.kind = kind
  }

  var isNumeric: Bool { [.integer, .real, .truth, .numeral].contains(kind) }
}

/// Why a part of a request cannot be done on the server, in words for people.
struct Refusal: Error, Equatable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
