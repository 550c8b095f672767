/// The configuration of a server: its address and who may use it.
public struct ServerConfiguration: Sendable {
  /// A key with which clients sign their requests.
  public struct AccessKey: Sendable {
    /// The public identifier of the key.
    public var id: String
    /// The secret.
    public var secret: String

    /// Makes a key.
    public init(id: String, secret: String) {
      self.id = id
      self.secret = secret
    }
  }

  /// The address and port to listen on.
  public var address: ListenAddress
  /// Host names that the server accepts in addition to those of its machine.
  public var allowedHosts: [String]
  /// The accepted keys for signatures of AWS API requests; empty if any credentials are accepted.
  public var accessKeys: [AccessKey]
  /// The token that `/api` and `/mcp` require.
  public var token: String
  /// The folder of a console under development; `nil` for the built-in one.
  public var consoleFolder: String?

  /// Makes a configuration.
  public init(
    address: ListenAddress, allowedHosts: [String] = [], accessKeys: [AccessKey] = [],
    token: String, consoleFolder: String? = nil
  ) {
    self.address = address
    self.allowedHosts = allowedHosts
    self.accessKeys = accessKeys
    self.token = token
    self.consoleFolder = consoleFolder
  }
}

/// An IP address, or the name `localhost`, and a port.
public struct ListenAddress: Hashable, Sendable {
  /// The host, without the brackets of an IPv6 address.
  public var host: String
  /// The port; 0 to choose a free one.
  public var port: Int

  /// Makes an address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Parses `127.0.0.1:4586`, `[::1]:4586` or `localhost:0`; `nil` for anything else.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = Int(digits), port <= 65535
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port)
  }

  /// Whether only this machine can reach it.
  public var isLoopback: Bool {
    let host = host.lowercased()
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The form in a URL.
  public var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
