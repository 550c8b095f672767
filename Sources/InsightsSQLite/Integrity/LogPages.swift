internal import CSQLite

/// Reads and writes the write-ahead log of a database.
enum LogPages {
  private static let pageSize = PageChecksum.pageSize
  private static let headerSize = WriteAheadLog.headerSize
  private static let frameSize = WriteAheadLog.frameSize
  private static let frameHeaderSize = WriteAheadLog.frameHeaderSize

  static func read(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeMutableRawPointer?,
    _ count: Int32, _ offset: Int64
  ) -> Int32 {
    guard let file = SystemFile(file), let buffer else { return SQLITE_IOERR }
    let code = file.read(buffer, Int(count), at: offset)
    guard code == SQLITE_OK, file.checked.pointee.database.pointee.hasChecksums else { return code }
    if count == pageSize, let frame = WriteAheadLog.frame(ofPageAt: offset) {
      var number: UInt32 = 0
      let code = file.read(&number, MemoryLayout<UInt32>.size, at: frame)
      guard code == SQLITE_OK else { return code }
      return PageChecksum.matches(buffer, number: UInt32(bigEndian: number))
        ? code : file.damaged(.log(offset))
    }
    // SQLite reads the header when it recovers a log left by another process, and then frame after
    // frame. Nothing is written to the log meanwhile.
    if count == headerSize, offset == 0 {
      let header = WriteAheadLog.Header(buffer)
      guard header.isWhole else { return file.damaged(.log(0)) }
      file.checked.pointee.recovery = LogRecovery(header: header)
    } else if count == frameSize, WriteAheadLog.isFrame(at: offset) {
      let isDamaged = file.checked.pointee.recovery?.findsDamage(in: buffer, at: offset) {
        readFrame(of: file, at: $0, $1)
      }
      if isDamaged == true { return file.damaged(.log(offset)) }
    }
    return code
  }

  /// Calls `body` with the frame at an offset; returns false if the file ends before.
  private static func readFrame(
    of file: SystemFile, at offset: Int64, _ body: (UnsafeRawPointer) -> Void
  ) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: frameSize, alignment: 8) { frame in
      guard let frame = frame.baseAddress, file.read(frame, frameSize, at: offset) == SQLITE_OK
      else { return false }
      body(frame)
      return true
    }
  }

  static func write(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32,
    _ offset: Int64
  ) -> Int32 {
    guard let file = SystemFile(file), let bytes else { return SQLITE_IOERR }
    // SQLite recomputes checksums when it commits, so no log is being recovered now.
    file.checked.pointee.recovery = nil
    guard file.checked.pointee.database.pointee.hasChecksums else {
      return file.write(bytes, Int(count), at: offset)
    }
    if count == pageSize, let frame = WriteAheadLog.frame(ofPageAt: offset) {
      return write(page: UnsafeMutableRawPointer(mutating: bytes), inFrameAt: frame, of: file)
    }
    if count == frameHeaderSize, WriteAheadLog.isFrame(at: offset) {
      file.checked.pointee.frameHeader = (
        offset, bytes.loadUnaligned(as: (UInt64, UInt64, UInt64).self)
      )
    }
    return file.write(bytes, Int(count), at: offset)
  }

  /// Seals the page, and writes it with the header that SQLite has just written, whose checksum is
  /// updated.
  private static func write(
    page: UnsafeMutableRawPointer, inFrameAt offset: Int64, of file: SystemFile
  ) -> Int32 {
    withUnsafeTemporaryAllocation(byteCount: frameSize, alignment: 8) { frame in
      guard let frame = frame.baseAddress else { return SQLITE_IOERR }
      if file.checked.pointee.frameHeader.offset == offset {
        frame.storeBytes(
          of: file.checked.pointee.frameHeader.bytes, as: (UInt64, UInt64, UInt64).self)
      } else {
        let code = file.read(frame, frameHeaderSize, at: offset)
        guard code == SQLITE_OK else { return code }
      }
      let header = WriteAheadLog.FrameHeader(frame)
      PageChecksum.seal(page, number: header.pageNumber)
      // Without a salt SQLite computes the checksum when it commits, from the contents of the file.
      guard header.salt != 0 else {
        return file.write(page, pageSize, at: offset + Int64(frameHeaderSize))
      }
      (frame + frameHeaderSize).copyMemory(from: page, byteCount: pageSize)
      var previous: UInt64 = 0
      let code = file.read(
        &previous, MemoryLayout<UInt64>.size,
        at: WriteAheadLog.previousChecksum(ofFrameAt: offset))
      guard code == SQLITE_OK else { return code }
      var checksum = withUnsafeBytes(of: previous) { previous in
        previous.baseAddress.map { WriteAheadLog.Checksum($0, at: 0) } ?? .init()
      }
      checksum.update(frame: frame)
      checksum.store(in: frame, at: WriteAheadLog.FrameHeader.checksumOffset)
      return file.write(frame, frameSize, at: offset)
    }
  }
}
