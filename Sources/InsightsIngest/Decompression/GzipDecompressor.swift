internal import CZlib

/// Decompresses gzip data (one member or several concatenated) or zlib data.
final class GzipDecompressor: ByteSource {
  static func recognizes(_ head: [UInt8]) -> Bool {
    head.count >= 3 && head[0] == 0x1F && head[1] == 0x8B && head[2] == 8
  }

  private let source: any ByteSource
  // zlib keeps a pointer to the stream, so it must not move in memory.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 * 1024)
  private var isBetweenMembers = false
  private var isAtEnd = false

  init(source: any ByteSource) {
    self.source = source
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    insights_inflate_init(stream)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int {
    stream.pointee.next_out = buffer.baseAddress
    stream.pointee.avail_out = UInt32(clamping: buffer.count)
    let capacity = stream.pointee.avail_out
    while !isAtEnd {
      if stream.pointee.avail_in == 0 { try refill() }
      if isBetweenMembers, try !startMember() { break }
      let code = inflate(stream, Z_NO_FLUSH)
      let produced = Int(capacity - stream.pointee.avail_out)
      if code == Z_STREAM_END { isBetweenMembers = true }
      if produced > 0, code == Z_STREAM_END || code == Z_OK { return produced }
      switch code {
      case Z_OK, Z_STREAM_END: continue
      case Z_BUF_ERROR where stream.pointee.avail_in == 0:
        // No progress without input: the file ends inside a member.
        throw end(InputDamage(message: "the gzip data is cut short"))
      default:
        throw end(InputDamage(message: "the gzip data is damaged"))
      }
    }
    return 0
  }

  private func end(_ damage: InputDamage) -> InputDamage {
    isAtEnd = true
    return damage
  }

  private func refill() throws(InputDamage) {
    let count = try source.read(into: input)
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(clamping: count)
  }

  /// Prepares for the next member; returns false at the end of the data.
  private func startMember() throws(InputDamage) -> Bool {
    // Tapes and some tools pad with zeros, which gzip ignores too.
    while stream.pointee.avail_in > 0, stream.pointee.next_in?.pointee == 0 {
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
      if stream.pointee.avail_in == 0 { try refill() }
    }
    guard stream.pointee.avail_in > 0 else {
      isAtEnd = true
      return false
    }
    guard stream.pointee.next_in?.pointee == 0x1F else {
      throw end(InputDamage(message: "bytes that are no gzip data follow the gzip data"))
    }
    inflateReset(stream)
    isBetweenMembers = false
    return true
  }
}
