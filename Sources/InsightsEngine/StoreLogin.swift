public import InsightsModel
public import InsightsClickHouse
internal import InsightsStore
internal import InsightsThreads

/// The credentials for stores on other machines.
///
/// They are global, since the program uses one store. They are not part of the store's address,
/// since addresses appear in messages.
public struct StoreLogin: Sendable {
  /// The password; empty for none.
  var password: String
  /// The path of a file whose first line is the password, used instead of `password`.
  var passwordFile: String?
  /// The path of a PEM file with the trusted certificates, used instead of the system's.
  var certificateFile: String?

  /// Makes credentials.
  public init(password: String = "", passwordFile: String? = nil, certificateFile: String? = nil) {
    self.password = password
    self.passwordFile = passwordFile
    self.certificateFile = certificateFile
  }

  private static let current = Locked(StoreLogin())

  /// Uses these credentials from now on.
  public func use() { Self.current.withLock { $0 = self } }

  static var inUse: StoreLogin { current.withLock { $0 } }

  /// Returns the password, from the file if there is one.
  ///
  /// - Throws: `StoreError.remote` if the file cannot be read.
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
  /// Parses the name of a store as an address, with the program's credentials; `nil` for a file.
  ///
  /// - Throws: `StoreError.remote` for an invalid address.
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
