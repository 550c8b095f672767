/// Who may ask at all: what is looked at before a request is read.
///
/// A page of any site that the user visits can send requests to this machine, also under a name of
/// its own that leads here. So the name that a request calls the server by has to be one of its own,
/// and a request that a page sends has to come from the server's own page.
struct RequestGuard: Sendable {
  /// What SDKs put before the host for streaming operations.
  private static let streamPrefixes = ["stream-", "streaming-"]

  private let names: Set<String>

  init(_ configuration: ServerConfiguration) {
    var names: Set = ["localhost", "127.0.0.1", "::1"]
    // What all addresses stand for is no name.
    if !["0.0.0.0", "::"].contains(configuration.address.host) {
      names.insert(configuration.address.host.lowercased())
    }
    for name in configuration.allowedHosts { names.insert(Self.name(of: name)) }
    self.names = names
  }

  /// Why a request is refused; `nil` where it may be read.
  func refusal(host: String?, origin: String?, fetchSite: String?) -> String? {
    guard let host, !host.isEmpty else { return "the request names no host" }
    var name = Self.name(of: host)
    if !names.contains(name) {
      for prefix in Self.streamPrefixes where name.hasPrefix(prefix) {
        name = Self.name(of: String(name.dropFirst(prefix.count)))
        break
      }
    }
    guard names.contains(name) else {
      return "the host of the request is not this server's; allow it with --allow-host"
    }
    if let origin, origin.lowercased() != "http://\(host.lowercased())",
      origin.lowercased() != "https://\(host.lowercased())"
    {
      return "the request comes from another origin"
    }
    if let fetchSite, fetchSite != "same-origin", fetchSite != "none" {
      return "the request comes from another site"
    }
    return nil
  }

  /// The name of `name:port` or `[address]:port`, in lower case, without a dot at its end.
  private static func name(of host: String) -> String {
    var name = host.lowercased()[...]
    if name.hasPrefix("[") {
      name = name.dropFirst().prefix { $0 != "]" }
    } else if name.count(where: { $0 == ":" }) == 1 {
      name = name.prefix { $0 != ":" }
    }
    if name.hasSuffix(".") { name = name.dropLast() }
    return String(name)
  }
}

/// Comparing what is secret.
enum Secret {
  /// Whether two texts are equal, in a time that does not tell how much of them is.
  static func isEqual(_ one: some Collection<UInt8>, _ other: some Collection<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(0) { $0 | $1.0 ^ $1.1 } == 0
  }

  /// Whether a header has the token: `Bearer TOKEN`.
  static func holds(_ token: String, authorization: String?) -> Bool {
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
    return isEqual(authorization.dropFirst("bearer ".count).utf8, token.utf8)
  }

  /// A new token: 192 bits.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return String((0..<32).map { _ in alphabet[Int(generator.next(upperBound: UInt64(64)))] })
  }
}
