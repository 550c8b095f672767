public import InsightsModel
public import InsightsClickHouse
internal import InsightsStore
internal import InsightsThreads

/// With what the program shows who it is where stores are on other machines.
///
/// One for the program, as each has one store; what is secret is so no part of the store's address, which
/// appears in messages.
public struct StoreLogin: Sendable {
  /// Empty for none.
  public var password: String
  /// A file whose first line is the password, instead of it.
  public var passwordFile: String?
  /// A file of certificates in PEM that are trusted, instead of those of the system.
  public var certificateFile: String?

  public init(password: String = "", passwordFile: String? = nil, certificateFile: String? = nil) {
    self.password = password
    self.passwordFile = passwordFile
    self.certificateFile = certificateFile
  }

  private static let current = Locked(StoreLogin())

  /// Uses this login from now on.
  public func use() { Self.current.withLock { $0 = self } }

  static var inUse: StoreLogin { current.withLock { $0 } }

  /// - Throws: `StoreError.remote` where the file cannot be read.
  func readPassword() throws(StoreError) -> String {
    guard let passwordFile else { return password }
    guard let text = TextFile.read(passwordFile, byteLimit: 64 << 10) else {
      throw .remote(
        RemoteFailure(
          .unavailable, "the file of the password, '\(passwordFile)', cannot be read",
          help: ["--password-file takes a file that holds the password and nothing else"]))
    }
    return String(text.prefix { !$0.isNewline })
  }
}

extension ClickHouseAddress {
  /// The address that a name of a store is, with the program's login; `nil` for a file.
  ///
  /// - Throws: `StoreError.remote` for an address that cannot be used.
  public init?(ofStore name: String) throws(StoreError) {
    guard ClickHouseAddress.recognizes(name) else { return nil }
    do throws(ClickHouseAddress.Problem) { try self.init(name) } catch {
      throw .remote(RemoteFailure(.unavailable, error.message, help: [error.help]))
    }
    let login = StoreLogin.inUse
    password = try login.readPassword()
    certificateFile = login.certificateFile
  }
}
