/// How a server is reached, and by whom.
public struct ServerConfiguration: Sendable {
  /// A key that clients sign their requests with.
  public struct AccessKey: Sendable {
    public var id: String
    public var secret: String

    public init(id: String, secret: String) {
      self.id = id
      self.secret = secret
    }
  }

  /// The address and port to listen on.
  public var address: ListenAddress
  /// Names by which the server may be called, beside those of its own machine.
  public var allowedHosts: [String]
  /// Keys that requests of the AWS API have to be signed with; empty where any credentials will do.
  public var accessKeys: [AccessKey]
  /// What `/api` and `/mcp` ask for.
  public var token: String
  /// The folder of a console that somebody works on; `nil` for the one that is built in.
  public var consoleFolder: String?

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
  /// Without the brackets of an IPv6 address.
  public var host: String
  /// 0 for one that is free.
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:4586`, `[::1]:4586` or `localhost:0`; `nil` for anything else.
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

  /// As it stands in an address of the web.
  public var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
