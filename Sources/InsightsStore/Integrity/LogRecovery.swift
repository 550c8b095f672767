/// Follows SQLite as it reads a log that a writer left, and tells damage from what a kill leaves.
///
/// SQLite takes the first frame whose checksum does not match for the end of the log, and so would
/// drop what was committed behind a damaged frame without a word.
struct LogRecovery {
  private let salt: UInt64
  private var checksum: WriteAheadLog.Checksum
  /// Of the frame that SQLite reads next.
  private var nextOffset = Int64(WriteAheadLog.headerSize)

  init(header: WriteAheadLog.Header) {
    salt = header.salt
    checksum = header.checksum
  }

  /// Whether the frame that SQLite has read at `offset` is no part of the log, but must have been.
  ///
  /// `readFrame` calls its second argument with the frame at an offset; false where there is none.
  mutating func findsDamage(
    in frame: UnsafeRawPointer, at offset: Int64,
    readFrame: (Int64, (UnsafeRawPointer) -> Void) -> Bool
  ) -> Bool {
    guard offset == nextOffset else { return false }
    nextOffset += Int64(WriteAheadLog.frameSize)
    let header = WriteAheadLog.FrameHeader(frame)
    checksum.update(frame: frame)
    if header.checksum == checksum { return header.salt != salt }
    // The log has ended, unless a transaction was committed here or behind. Frames whose checksums
    // SQLite has still to make when it commits have no salt, those of an older log another one.
    // A kill may have come between a header and its page, in a file that an older log has filled.
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
