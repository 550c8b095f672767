internal import InsightsText

/// A 128-bit hash of the text of a source that does not depend on how the text is divided.
///
/// Four parallel lanes keep up with reading; at the end the lanes themselves are hashed. It is not
/// cryptographic.
struct SourceHash {
  private static let blockLength = 64

  private typealias Lanes = (UInt64, UInt64, UInt64, UInt64)

  // The fractional digits of the square roots of the first eight prime numbers.
  private static let keys: Lanes = (
    0x6A09_E667_F3BC_C909, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1
  )
  private var lanes: Lanes = (
    0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179
  )
  /// Bytes of an incomplete block.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// Hashes the next bytes of the text.
  mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
    byteCount &+= UInt64(bytes.count)
    var start = 0
    if !pending.isEmpty {
      start = min(SourceHash.blockLength - pending.count, bytes.count)
      pending.append(contentsOf: bytes[..<start])
      guard pending.count == SourceHash.blockLength else { return }
      lanes = pending.withUnsafeBytes { SourceHash.mix(lanes, $0) }
      pending.removeAll(keepingCapacity: true)
    }
    let end = start + (bytes.count - start) / SourceHash.blockLength * SourceHash.blockLength
    lanes = SourceHash.mix(
      lanes, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<end]))
    pending.append(contentsOf: bytes[end...])
  }

  /// The hash of all bytes so far, as 32 hexadecimal digits.
  var text: String {
    var end = pending
    for word in [lanes.0, lanes.1, lanes.2, lanes.3, byteCount] {
      withUnsafeBytes(of: word.littleEndian) { end.append(contentsOf: $0) }
    }
    var hash = ContentHash()
    end.withUnsafeBufferPointer { hash.update($0) }
    return hash.text
  }

  /// Hashes whole blocks, two words per lane and block.
  private static func mix(_ lanes: Lanes, _ blocks: UnsafeRawBufferPointer) -> Lanes {
    func word(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: blocks.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func mixed(_ lane: UInt64, _ key: UInt64, _ offset: Int) -> UInt64 {
      let product = (lane ^ word(offset)).multipliedFullWidth(by: key ^ word(offset + 8))
      return product.low ^ product.high
    }
    var lanes = lanes
    for offset in stride(from: 0, to: blocks.count, by: blockLength) {
      lanes.0 = mixed(lanes.0, keys.0, offset)
      lanes.1 = mixed(lanes.1, keys.1, offset + 16)
      lanes.2 = mixed(lanes.2, keys.2, offset + 32)
      lanes.3 = mixed(lanes.3, keys.3, offset + 48)
    }
    return lanes
  }
}
