internal import CMD

/// The SHA-256 digest of FIPS 180-4.
public enum SHA256 {
  /// The block size of the hash function in bytes.
  static let blockByteCount = Int(SHA256_BLOCK_LENGTH)

  /// Returns the digest, 32 bytes.
  public static func digest(of message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var context = SHA2_CTX()
    SHA256Init(&context)
    SHA256Update(&context, message.baseAddress, message.count)
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256Final(&digest, &context)
    return digest
  }

  /// Returns the digest, 32 bytes.
  public static func digest(of message: [UInt8]) -> [UInt8] {
    message.withUnsafeBufferPointer { digest(of: $0) }
  }
}
