/// The layout of SQLite's write-ahead log, as its file format documents it.
///
/// A header of 32 bytes, then frames: a header of 24 bytes and a page. Integers are big-endian.
/// Every frame has a checksum over everything before it; a log ends at the first mismatch.
enum WriteAheadLog {
  static let headerSize = 32
  static let frameHeaderSize = 24
  static let frameSize = frameHeaderSize + PageChecksum.pageSize

  /// Returns the offset of the frame whose page is at `offset`; `nil` if there is no page.
  static func frame(ofPageAt offset: Int64) -> Int64? {
    let frame = offset - Int64(frameHeaderSize)
    return isFrame(at: frame) ? frame : nil
  }

  static func isFrame(at offset: Int64) -> Bool {
    offset >= headerSize && (offset - Int64(headerSize)) % Int64(frameSize) == 0
  }

  /// Returns the offset of the checksum of everything before a frame: in the previous frame, or in
  /// the log's header.
  static func previousChecksum(ofFrameAt offset: Int64) -> Int64 {
    offset == headerSize
      ? Int64(Header.checksumOffset)
      : offset - Int64(frameSize) + Int64(FrameHeader.checksumOffset)
  }

  /// SQLite's checksum of the log, over words of four bytes.
  struct Checksum: Equatable {
    var first: UInt32 = 0
    var second: UInt32 = 0

    init() {}

    /// Reads a checksum as stored in the log.
    init(_ bytes: UnsafeRawPointer, at offset: Int) {
      first = bigEndian(bytes, at: offset)
      second = bigEndian(bytes, at: offset + 4)
    }

    func store(in bytes: UnsafeMutableRawPointer, at offset: Int) {
      bytes.storeBytes(of: first.bigEndian, toByteOffset: offset, as: UInt32.self)
      bytes.storeBytes(of: second.bigEndian, toByteOffset: offset + 4, as: UInt32.self)
    }

    /// Adds `count` bytes, a multiple of eight.
    mutating func update(_ bytes: UnsafeRawPointer, count: Int) {
      var (first, second) = (self.first, self.second)
      var offset = 0
      while offset < count {
        first &+= littleEndian(bytes, at: offset) &+ second
        second &+= littleEndian(bytes, at: offset + 4) &+ first
        offset += 8
      }
      (self.first, self.second) = (first, second)
    }

    /// Adds a frame: the covered part of its header, and its page.
    mutating func update(frame: UnsafeRawPointer) {
      update(frame, count: FrameHeader.saltOffset)
      update(frame + frameHeaderSize, count: PageChecksum.pageSize)
    }
  }

  struct Header {
    static let checksumOffset = 24

    /// The value that frames of this log repeat, unlike those of an older one in the same file.
    var salt: UInt64
    var checksum: Checksum
    /// Whether the header is valid and has this machine's byte order.
    var isWhole: Bool

    init(_ bytes: UnsafeRawPointer) {
      salt = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
      checksum = Checksum(bytes, at: Self.checksumOffset)
      var computed = Checksum()
      computed.update(bytes, count: Self.checksumOffset)
      isWhole =
        bigEndian(bytes, at: 0) == 0x377F_0682 && computed == checksum
        && bigEndian(bytes, at: 8) == UInt32(PageChecksum.pageSize)
    }
  }

  struct FrameHeader {
    static let saltOffset = 8
    static let checksumOffset = 16

    var pageNumber: UInt32
    /// Whether the frame commits a transaction.
    var isCommit: Bool
    var salt: UInt64
    var checksum: Checksum

    init(_ bytes: UnsafeRawPointer) {
      pageNumber = bigEndian(bytes, at: 0)
      isCommit = bigEndian(bytes, at: 4) != 0
      salt = bytes.loadUnaligned(fromByteOffset: Self.saltOffset, as: UInt64.self)
      checksum = Checksum(bytes, at: Self.checksumOffset)
    }
  }

  private static func bigEndian(_ bytes: UnsafeRawPointer, at offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  private static func littleEndian(_ bytes: UnsafeRawPointer, at offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
