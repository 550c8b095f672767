internal import Glibc

/// Represents the system's paths, which are arbitrary bytes, as text.
///
/// An invalid UTF-8 byte is mapped to one of the last 256 code points of Unicode, which are for
/// private use. The mapping is reversible, so every path from the system leads to the same file
/// again.
public enum SystemPath {
  private static let firstByteScalar: UInt32 = 0x10FF00

  /// Returns the text for a path or another word from the system.
  public static func text(of bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    // Most paths are valid UTF-8 without these characters.
    if text.utf8.elementsEqual(bytes), !holdsBytes(text) { return text }
    var scalars = String.UnicodeScalarView()
    var index = 0
    while index < bytes.count {
      let length = max(1, (~bytes[index]).leadingZeroBitCount)
      let part = bytes[index..<min(index + length, bytes.count)]
      let decoded = String(decoding: part, as: UTF8.self)
      if decoded.unicodeScalars.count == 1, decoded.utf8.elementsEqual(part),
        !holdsBytes(decoded)
      {
        scalars.append(contentsOf: decoded.unicodeScalars)
        index += part.count
      } else {
        if let scalar = Unicode.Scalar(firstByteScalar + UInt32(bytes[index])) {
          scalars.append(scalar)
        }
        index += 1
      }
    }
    return String(scalars)
  }

  /// Returns the text for a C string from the system.
  public static func text(ofCString start: UnsafePointer<CChar>) -> String {
    let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start))
    return text(of: bytes)
  }

  /// Returns the bytes that a text represents.
  public static func bytes(of text: String) -> [UInt8] {
    guard holdsBytes(text) else { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if scalar.value >= firstByteScalar {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return bytes
  }

  /// Resolves symbolic links; the target need not exist yet.
  public static func followingLinks(_ path: String) -> String {
    var path = path
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    for _ in 0..<linkLimit {
      let count = path.withSystemPath { readlink($0, &buffer, buffer.count) }
      guard count > 0 else { break }
      let target = text(of: buffer[..<count].map { UInt8(bitPattern: $0) })
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
      path = target.hasPrefix("/") ? target : folder + target
    }
    return path
  }

  /// The maximum number of consecutive links, as in the kernel.
  private static let linkLimit = 40

  /// Returns the text for display and storage: invalid UTF-8 bytes are written as `\xE9`.
  public static func shown(_ text: String) -> String {
    guard holdsBytes(text) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if scalar.value >= firstByteScalar {
        let digits = String(scalar.value - firstByteScalar, radix: 16, uppercase: true)
        shown += "\\x\(digits.count < 2 ? "0" : "")\(digits)"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func holdsBytes(_ text: String) -> Bool {
    text.utf8.contains(0xF4) && text.unicodeScalars.contains { $0.value >= firstByteScalar }
  }
}

extension String {
  /// Calls `body` with the path as a C string for system calls.
  public func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var bytes = SystemPath.bytes(of: self).map { CChar(bitPattern: $0) }
    bytes.append(0)
    return body(bytes)
  }
}
