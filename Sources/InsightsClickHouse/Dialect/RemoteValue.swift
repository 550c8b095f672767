/// A value of a scan as ClickHouse SQL; a missing value is NULL.
struct RemoteValue: Equatable {
  /// The kind of the values, which determines how SQL treats them and how replies are decoded.
  enum Kind: Equatable {
    /// `Nullable(Int64)`, also times: epoch milliseconds.
    case integer
    /// `Nullable(Float64)`.
    case real
    /// 1 or 0.
    case truth
    /// `Nullable(String)`: the text itself.
    case text
    /// `Nullable(String)`: a letter for the kind and the value, as in the column `fields`.
    ///
    /// Equal values have equal texts.
    case tagged
    /// `Nullable(String)`: the text of a finite number, as it was written.
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

/// The reason, in words, why a part of a request cannot be computed on the server.
struct Refusal: Error, Equatable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
