internal import InsightsText

/// Ids of requests, queries and stored objects: random UUIDs.
enum RequestID {
  /// Returns a new one, in lower case: `6f1c2e0a-5b7d-4c3e-9a8f-0d1e2f3a4b5c`.
  static func new() -> String {
    var generator = SystemRandomNumberGenerator()
    var bytes = withUnsafeBytes(of: (generator.next(), generator.next())) { Array($0) }
    // Version 4, variant 1 of RFC 9562.
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      Hexadecimal.append([byte], to: &text)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
