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
  /// A column without NULLs that has the same values, apart from missing ones, and the value that
  /// represents a missing one, which is less than all others; both as SQL.
  ///
  /// The server reads, groups and sorts it faster than `sql`.
  var stored: Stored?
  /// For numerals: the nearest `Float64` and the `Int64` as SQL, if they need not be parsed from
  /// `sql`.
  var parsed: Parsed?

  /// A condition that is true for the rows that have the value, if there is a simpler one than
  /// `IS NOT NULL`.
  var presence: String?

  /// For an aggregate: what it can be computed from here, which is less work for the server.
  var parts: Parts?

  struct Stored: Equatable {
    var column: String
    var missing: String
  }

  struct Parsed: Equatable {
    var real: String
    var whole: String
  }

  /// SQL for what the server sends, and what is computed from it.
  struct Parts: Equatable {
    var sql: String
    var use: Use

    enum Use: Equatable {
      /// From an unsigned integer that is its value.
      case integer
      /// From the text that `NumberSum(addends:)` reads.
      case sum, mean
      /// From the text that `ValuesAroundRank` reads.
      case percentile(Double)
    }
  }

  init(_ sql: String, _ kind: Kind, stored: Stored? = nil, parsed: Parsed? = nil) {
    self.sql = sql
    self.kind = kind
    self.stored = stored
    self.parsed = parsed
    presence = stored.map { "\($0.column) != \($0.missing)" }
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
