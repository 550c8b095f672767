internal import InsightsModel

/// An error that a ClickHouse server reports.
///
/// ```text
/// Code: 60. DB::Exception: Unknown table … (UNKNOWN_TABLE) (version 26.9.2.1 (official build))
/// ```
struct ServerException: Equatable {
  /// ClickHouse's error number; 0 if there is none.
  var code: Int
  /// ClickHouse's error name, such as `UNKNOWN_TABLE`.
  var name: String
  /// The message, without code, name and version.
  var text: String

  /// Parses an error in the body of a reply.
  init(_ text: String) {
    var rest = Substring(text)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    code = 0
    name = ""
    let start = "Code: "
    if rest.hasPrefix(start) {
      let digits = rest.dropFirst(start.count).prefix { $0.isNumber }
      code = Int(digits) ?? 0
      rest = rest.dropFirst(start.count + digits.count)
      if rest.hasPrefix(".") { rest.removeFirst() }
    }
    if let mark = rest.firstRange(of: "DB::Exception: ") { rest = rest[mark.upperBound...] }
    if let version = rest.ranges(of: " (version ").last, rest.hasSuffix(")") {
      rest = rest[..<version.lowerBound]
    }
    if rest.hasSuffix(")"), let open = rest.lastIndex(of: "(") {
      let word = rest[rest.index(after: open)...].dropLast()
      if !word.isEmpty, word.allSatisfy({ $0.isUppercase || $0.isNumber || $0 == "_" }) {
        name = String(word)
        rest = rest[..<open]
      }
    }
    while rest.last == " " || rest.last == "." || rest.last == "\n" { rest.removeLast() }
    while rest.first == " " { rest.removeFirst() }
    self.text = String(rest)
  }

  /// Converts the error for the user.
  func failure(_ address: ClickHouseAddress) -> RemoteFailure {
    let said = ["ClickHouse \(code): \(text)"]
    func unavailable(_ message: String, _ help: String) -> RemoteFailure {
      RemoteFailure(.unavailable, message, notes: said, help: [help], code: code)
    }
    func incomplete(_ message: String, _ help: String) -> RemoteFailure {
      RemoteFailure(.incomplete, message, notes: said, help: [help], code: code)
    }
    let user = "user '\(address.user)'"
    switch code {
    case 192, 193, 194, 516:
      return unavailable(
        "the ClickHouse server refuses \(user) with this password",
        "set INSIGHTS_CLICKHOUSE_PASSWORD, or use --password-file <file>")
    case 164 where text.contains("setting"):
      return unavailable(
        "\(user) may not change any setting, and queries need some",
        "have an administrator run: CREATE SETTINGS PROFILE insights SETTINGS readonly = 2 TO \(Self.quoted(address.user))"
      )
    case 164:
      return unavailable(
        "\(user) may only read", "use a user who may write, or one command that only reads")
    case 497:
      return unavailable(
        "\(user) lacks a right",
        "have an administrator grant it: GRANT SELECT ON \(Self.quoted(address.database)).* TO \(Self.quoted(address.user))"
      )
    case 81:
      return unavailable(
        "there is no database '\(address.database)'",
        "make it: CREATE DATABASE \(Self.quoted(address.database)), or name another one")
    case 60:
      return unavailable(
        "the database '\(address.database)' has no tables of insights",
        "ingest logs: insights ingest <logs> --db \(address)")
    case 46, 47, 115, 119, 63:
      return unavailable(
        "the ClickHouse server does not know what this program needs of it",
        "use ClickHouse 25.8 or newer")
    case 202, 209, 439, 745, 210, 279, 999, 242, 225:
      return unavailable("the ClickHouse server cannot answer now", "try again later")
    case 159, 160:
      return incomplete(
        "the query took longer than the server allows",
        "narrow the range of time with --since, --start and --end")
    case 241:
      return incomplete(
        "the query needs more memory than the server allows",
        "narrow the range of time with --since, --start and --end, or make fewer groups")
    case 158, 307, 396, 191, 201, 290:
      return incomplete(
        "the query reaches a limit of the server",
        "narrow the range of time with --since, --start and --end")
    case 394:
      return incomplete("the query was ended on the server", "try again, or ask who ended it")
    case 243, 252, 319, 286, 285, 219, 236:
      return RemoteFailure(
        .writeFailed, "the ClickHouse server cannot store rows now", notes: said,
        help: ["try again; what was stored is not stored twice"], code: code)
    default:
      return RemoteFailure(
        .unexpected, "the ClickHouse server refused a statement; this may be a bug in insights",
        notes: said, code: code)
    }
  }

  /// Quotes a name for ClickHouse's SQL.
  private static func quoted(_ name: String) -> String { name.clickHouseIdentifier }
}

extension RemoteFailure {
  /// The server closed the connection before it replied.
  static func closedConnection(to address: ClickHouseAddress) -> RemoteFailure {
    RemoteFailure(
      .incomplete,
      "the ClickHouse server at \(address.host):\(address.port) closed the connection without an answer",
      help: [
        address.usesTLS
          ? "try again; if it stays so, check that the port is the one for HTTPS (8443)"
          : "try again; if it stays so, check that the port is the one for HTTP (8123), or use clickhouses:// for TLS"
      ])
  }
}

extension String {
  /// The name as a quoted identifier of ClickHouse's SQL.
  var clickHouseIdentifier: String {
    "`" + replacing("\\", with: "\\\\").replacing("`", with: "\\`") + "`"
  }
}
