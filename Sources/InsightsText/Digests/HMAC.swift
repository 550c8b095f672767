/// HMAC with SHA-256 (RFC 2104), which libmd does not have.
public enum HMAC {
  /// Returns the authentication code of a message, 32 bytes.
  public static func digest(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    var key = key.count > SHA256.blockByteCount ? SHA256.digest(of: key) : key
    key += [UInt8](repeating: 0, count: SHA256.blockByteCount - key.count)
    let inner = SHA256.digest(of: key.map { $0 ^ 0x36 } + message)
    return SHA256.digest(of: key.map { $0 ^ 0x5C } + inner)
  }
}
