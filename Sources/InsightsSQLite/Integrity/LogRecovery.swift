/// Follows SQLite while it recovers a log, and distinguishes damage from what a killed writer
/// leaves.
///
/// SQLite treats the first frame whose checksum does not match as the end of the log. It would
/// silently drop transactions committed after a damaged frame.
struct LogRecovery {
  private let salt: UInt64
  private var checksum: WriteAheadLog.Checksum
  /// The offset of the frame that SQLite reads next.
  private var nextOffset = Int64(WriteAheadLog.headerSize)

  init(header: WriteAheadLog.Header) {
    salt = header.salt
    checksum = header.checksum
  }

  /// Whether the frame that SQLite has read at `offset` is invalid although it must be part of the
  /// log.
  ///
  /// `readFrame` calls its second argument with the frame at an offset; it returns false if there
  /// is none.
  mutating func findsDamage(
    in frame: UnsafeRawPointer, at offset: Int64,
    readFrame: (Int64, (UnsafeRawPointer) -> Void) -> Bool
  ) -> Bool {
    guard offset == nextOffset else { return false }
    nextOffset += Int64(WriteAheadLog.frameSize)
    let header = WriteAheadLog.FrameHeader(frame)
    checksum.update(frame: frame)
    if header.checksum == checksum { return header.salt != salt }
    // The log has ended, unless a transaction was committed here or later. Frames whose checksums
    // SQLite computes at commit have no salt, those of an older log have another one. A writer may
    // have been killed between a header and its page, in a file that an older log has filled.
    if header.salt == salt, header.isCommit,
      PageChecksum.matches(frame + WriteAheadLog.frameHeaderSize, number: header.pageNumber)
        || !readFrame(nextOffset, { _ in })
    {
      return true
    }
    var offset = nextOffset
    var isCommitted = false
    while !isCommitted {
      let isRead = readFrame(offset) { frame in
        let header = WriteAheadLog.FrameHeader(frame)
        isCommitted = header.salt == salt && header.isCommit
      }
      guard isRead else { return false }
      offset += Int64(WriteAheadLog.frameSize)
    }
    return true
  }
}
