internal import InsightsSegments
internal import InsightsText

/// The id of a request: the 128 bits of a canonical UUID, otherwise its text.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
  /// Zero for a text.
  let uuid: UUID
  let text: String?

  /// Parses a UUID; any other bytes are kept as text.
  public init(_ bytes: UnsafeBufferPointer<UInt8>) {
    if let uuid = UUID(bytes) {
      self.uuid = uuid
      text = nil
    } else {
      uuid = UUID(high: 0, low: 0)
      text = String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Parses a UUID; any other text is kept.
  public init(_ text: String) {
    var text = text
    self = text.withUTF8 { RequestID($0) }
  }

  init(_ uuid: UUID) {
    self.uuid = uuid
    text = nil
  }

  /// The text of the id.
  public var description: String {
    if let text { return text }
    var bytes: [UInt8] = []
    uuid.append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// 128 bits that are practically unique.
  public var bits: (high: UInt64, low: UInt64) {
    guard var text else { return (uuid.high, uuid.low) }
    var hash = ContentHash()
    text.withUTF8 { hash.update($0) }
    return hash.value
  }
}

extension UUID {
  /// Parses the stored form; `nil` unless it has sixteen bytes.
  init?(stored bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 16 else { return nil }
    let raw = UnsafeRawBufferPointer(bytes)
    self.init(
      high: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
      low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }
}
