internal import CMD

/// The MD5 digest of RFC 1321, for identification; it is not secure.
public enum MD5 {
  /// Returns the digest, 16 bytes.
  public static func digest(of message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var context = MD5_CTX()
    MD5Init(&context)
    MD5Update(&context, message.baseAddress, message.count)
    var digest = [UInt8](repeating: 0, count: Int(MD5_DIGEST_LENGTH))
    MD5Final(&digest, &context)
    return digest
  }
}
