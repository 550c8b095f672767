internal import InsightsText

/// The address of a store on a ClickHouse server, with its user.
///
/// ```text
/// clickhouse://user@host:8123/database      HTTP
/// clickhouses://user@host:8443/database     HTTP over TLS
/// ```
///
/// User, port and database are optional: `default`, 8123 or 8443, `default`. User and database may
/// be percent-encoded. The address never contains a password, since command lines are visible to
/// other users of a machine.
public struct ClickHouseAddress: Hashable, Sendable {
  /// Whether the connection is encrypted.
  public var usesTLS: Bool
  /// A host name or an IP address; IPv6 without brackets.
  public var host: String
  /// The port of the HTTP interface.
  public var port: Int
  /// The name of the user.
  public var user: String
  /// The name of the database.
  public var database: String
  /// The password; empty for none.
  public var password: String
  /// The path of a PEM file; one of its certificates must have signed the server's, instead of
  /// those that the system trusts.
  public var certificateFile: String?

  /// An address is not usable.
  public struct Problem: Error, Equatable, Sendable {
    /// One lower-case sentence.
    public let message: String
    /// The next step.
    public let help: String
  }

  /// Makes an address.
  public init(
    host: String, port: Int? = nil, user: String = "default", database: String = "default",
    password: String = "", usesTLS: Bool = false, certificateFile: String? = nil
  ) {
    self.host = host
    self.port = port ?? (usesTLS ? 8443 : 8123)
    self.user = user
    self.database = database
    self.password = password
    self.usesTLS = usesTLS
    self.certificateFile = certificateFile
  }

  private static let scheme = "clickhouse://"
  private static let secureScheme = "clickhouses://"
  private static let form = "write it so: clickhouse://user@host:8123/database"

  /// Whether the name of a store is such an address, rather than a file.
  public static func recognizes(_ text: String) -> Bool {
    let start = text.prefix(secureScheme.utf8.count).lowercased()
    return start == secureScheme || start.hasPrefix(scheme)
  }

  /// Parses an address.
  ///
  /// - Throws: `Problem`.
  public init(_ text: String) throws(Problem) {
    guard Self.recognizes(text) else {
      throw Problem(message: "'\(text)' is no address of a ClickHouse server", help: Self.form)
    }
    let usesTLS = text.prefix(Self.secureScheme.utf8.count).lowercased() == Self.secureScheme
    var rest = text.dropFirst(usesTLS ? Self.secureScheme.utf8.count : Self.scheme.utf8.count)
    if let mark = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) {
      throw Problem(
        message: "the address of the store has '\(rest[mark...])' behind the database",
        help: "leave it out; passwords, limits and certificates have options of their own")
    }
    var database = "default"
    if let slash = rest.firstIndex(of: "/") {
      database = try Self.decoded(rest[rest.index(after: slash)...], "database")
      rest = rest[..<slash]
      if database.isEmpty { database = "default" }
    }
    var user = "default"
    if let at = rest.lastIndex(of: "@") {
      let name = rest[..<at]
      guard !name.contains(":") else {
        // The text is not shown, as it may contain the password.
        throw Problem(
          message: "the address of the store holds a password, which others could read",
          help: "put it into INSIGHTS_CLICKHOUSE_PASSWORD, or into a file: --password-file <file>")
      }
      user = try Self.decoded(name, "user")
      guard !user.isEmpty else {
        throw Problem(message: "the address of the store has no user before '@'", help: Self.form)
      }
      rest = rest[rest.index(after: at)...]
    }
    let (host, port) = try Self.hostAndPort(rest)
    self.init(host: host, port: port, user: user, database: database, usesTLS: usesTLS)
  }

  private static func hostAndPort(_ text: Substring) throws(Problem) -> (String, Int?) {
    var host = text
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else {
        throw Problem(message: "the address of the store has no ']' behind '['", help: form)
      }
      host = text[text.index(after: text.startIndex)..<end]
      let behind = text[text.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else {
        throw Problem(
          message: "the address of the store has '\(behind)' behind the host", help: form)
      }
      port = behind.isEmpty ? nil : behind.dropFirst()
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    }
    let isName = host.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "%") }
    guard !host.isEmpty, isName else {
      throw Problem(message: "the address of the store has no host", help: form)
    }
    guard let port else { return (String(host), nil) }
    guard let number = Int(port), (1...65535).contains(number) else {
      throw Problem(
        message: "'\(port)' in the address of the store is no port",
        help:
          "a port is a number from 1 to 65535; ClickHouse's HTTP interface has 8123, with TLS 8443")
    }
    return (String(host), number)
  }

  private static func decoded(_ text: Substring, _ what: String) throws(Problem) -> String {
    // A plus sign is literal here, unlike in forms.
    let bytes = text.utf8.flatMap { $0 == UInt8(ascii: "+") ? Array("%2B".utf8) : [$0] }
    var output: [UInt8] = []
    bytes.withUnsafeBufferPointer { PercentEncoding.appendDecoded($0, to: &output) }
    guard let name = String(validating: output, as: UTF8.self), !name.contains("\0") else {
      throw Problem(
        message: "the \(what) in the address of the store is no text",
        help: "escape special characters as UTF-8, '%C3%A9' for 'é'")
    }
    return name
  }

  /// The URL of the server.
  var url: String { "\(usesTLS ? "https" : "http")://\(hostAndPort)/" }

  /// `host:port` as in URLs, an IPv6 address in brackets.
  private var hostAndPort: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

extension ClickHouseAddress: CustomStringConvertible {
  /// The whole address; never with a password.
  public var description: String {
    func encoded(_ text: String) -> String {
      var output: [UInt8] = []
      Array(text.utf8).withUnsafeBufferPointer { PercentEncoding.append($0, to: &output) }
      return String(decoding: output, as: UTF8.self)
    }
    return "\(usesTLS ? Self.secureScheme : Self.scheme)\(encoded(user))@\(hostAndPort)/"
      + encoded(database)
  }
}
