/// Decides which requests are accepted, before they are read.
///
/// A page of any site that the user visits can send requests to this machine, also under a host
/// name of its own that resolves to it (DNS rebinding). So the `Host` of a request must be one of
/// the server's names, and a request from a page must come from the server's own page.
struct RequestGuard: Sendable {
  /// Prefixes that SDKs add to the host for streaming operations.
  private static let streamPrefixes = ["stream-", "streaming-"]

  private let names: Set<String>

  init(_ configuration: ServerConfiguration) {
    var names: Set = ["localhost", "127.0.0.1", "::1"]
    // The wildcard address is not a host name.
    if !["0.0.0.0", "::"].contains(configuration.address.host) {
      names.insert(configuration.address.host.lowercased())
    }
    for name in configuration.allowedHosts { names.insert(Self.name(of: name)) }
    self.names = names
  }

  /// Why a request is rejected, with the HTTP status that says so.
  struct Refusal: Equatable {
    var reason: String
    var status = 403
  }

  /// Returns why a request is rejected; `nil` if it is accepted.
  ///
  /// `hosts` are the values of all `Host` headers: exactly one is allowed (RFC 9112, section 3.2).
  func refusal(hosts: [String], origin: String?, fetchSite: String?) -> Refusal? {
    guard let host = hosts.first, !host.isEmpty else {
      return Refusal(reason: "the request names no host", status: 400)
    }
    guard hosts.count == 1 else {
      return Refusal(reason: "the request names several hosts", status: 400)
    }
    var name = Self.name(of: host)
    if !names.contains(name) {
      for prefix in Self.streamPrefixes where name.hasPrefix(prefix) {
        name = Self.name(of: String(name.dropFirst(prefix.count)))
        break
      }
    }
    guard names.contains(name) else {
      return Refusal(
        reason: "the host of the request is not this server's; allow it with --allow-host")
    }
    if let origin, origin.lowercased() != "http://\(host.lowercased())",
      origin.lowercased() != "https://\(host.lowercased())"
    {
      return Refusal(reason: "the request comes from another origin")
    }
    if let fetchSite, fetchSite != "same-origin", fetchSite != "none" {
      return Refusal(reason: "the request comes from another site")
    }
    return nil
  }

  /// Returns the name in `name:port` or `[address]:port`, in lower case, without a trailing dot.
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

/// Comparison and creation of secrets.
enum Secret {
  /// Compares two texts in constant time.
  static func isEqual(_ one: some Collection<UInt8>, _ other: some Collection<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(0) { $0 | $1.0 ^ $1.1 } == 0
  }

  /// Whether an `Authorization` header contains the token: `Bearer TOKEN`.
  static func holds(_ token: String, authorization: String?) -> Bool {
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
    return isEqual(authorization.dropFirst("bearer ".count).utf8, token.utf8)
  }

  /// Returns a new token: 192 random bits.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return String((0..<32).map { _ in alphabet[Int(generator.next(upperBound: UInt64(64)))] })
  }
}
