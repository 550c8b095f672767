internal import CSQLite

/// Reads and writes the pages of a database.
package enum DatabasePages {
  private static let pageSize = PageChecksum.pageSize
  /// The size of a database header in bytes; it says whether there are checksums.
  private static let headerSize = 100
  /// SQLite uses these bytes for locks and never uses their page.
  private static let lockBytePage: Int64 = 1 << 30

  static func read(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeMutableRawPointer?,
    _ count: Int32, _ offset: Int64
  ) -> Int32 {
    guard let file = SystemFile(file), let buffer else { return SQLITE_IOERR }
    let code = file.read(buffer, Int(count), at: offset)
    guard code == SQLITE_OK || code == insights_SQLITE_IOERR_SHORT_READ else { return code }
    if offset == 0, count >= headerSize, PageChecksum.isUsed(byHeader: buffer) {
      file.checked.pointee.hasChecksums = true
    }
    guard file.checked.pointee.hasChecksums else { return code }
    let start = offset / Int64(pageSize) * Int64(pageSize)
    if offset == start, count == pageSize {
      // SQLite treats the area after the end of the file as a page of zeros.
      if code == insights_SQLITE_IOERR_SHORT_READ, file.size <= offset { return code }
      let number = offset / Int64(pageSize) + 1
      if PageChecksum.matches(buffer, number: UInt32(truncatingIfNeeded: number)) { return code }
      return number == 1 && !isStore(header: buffer)
        ? SQLITE_NOTADB : file.damaged(.page(number))
    }
    // Parts of the first page are read without a lock, while another program may write it; it is
    // read as a whole before it is used. Newer versions of SQLite read only parts of other pages.
    guard start > 0, offset + Int64(count) <= start + Int64(pageSize) else { return code }
    return withUnsafeTemporaryAllocation(byteCount: pageSize, alignment: 8) { page in
      guard let page = page.baseAddress else { return SQLITE_IOERR }
      let whole = read(file.file, page, Int32(pageSize), start)
      return whole == SQLITE_OK ? code : whole
    }
  }

  static func write(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32,
    _ offset: Int64
  ) -> Int32 {
    guard let file = SystemFile(file), let bytes else { return SQLITE_IOERR }
    if offset == 0, count >= headerSize, PageChecksum.isUsed(byHeader: bytes) {
      file.checked.pointee.hasChecksums = true
    }
    guard file.checked.pointee.hasChecksums, count == pageSize, offset % Int64(pageSize) == 0 else {
      return file.write(bytes, Int(count), at: offset)
    }
    if offset != file.checked.pointee.writtenEnd {
      let code = fillGap(of: file, before: offset)
      guard code == SQLITE_OK else { return code }
    }
    // The last bytes are also reserved in SQLite's memory, so pages that it copies are sealed as
    // well.
    let page = UnsafeMutableRawPointer(mutating: bytes)
    PageChecksum.seal(page, number: UInt32(truncatingIfNeeded: offset / Int64(pageSize) + 1))
    file.checked.pointee.writtenEnd = offset + Int64(pageSize)
    return file.write(page, pageSize, at: offset)
  }

  /// Writes the pages that SQLite skips when the file grows.
  ///
  /// It freed them before they were ever written, but may still read them.
  private static func fillGap(of file: SystemFile, before offset: Int64) -> Int32 {
    var end = (file.size + Int64(pageSize) - 1) / Int64(pageSize) * Int64(pageSize)
    guard end < offset else { return SQLITE_OK }
    return withUnsafeTemporaryAllocation(byteCount: pageSize, alignment: 8) { page in
      guard let start = page.baseAddress else { return SQLITE_IOERR }
      while end < offset {
        if end != lockBytePage {
          start.initializeMemory(as: UInt8.self, repeating: 0, count: pageSize)
          PageChecksum.seal(start, number: UInt32(truncatingIfNeeded: end / Int64(pageSize) + 1))
          let code = file.write(start, pageSize, at: end)
          guard code == SQLITE_OK else { return code }
        }
        end += Int64(pageSize)
      }
      return SQLITE_OK
    }
  }

  /// `PRAGMA application_id` of a store, "Insi" in ASCII: pages of other databases have no checksums.
  package static let storeApplicationID = 0x496E_7369

  /// Whether the header of a database identifies a store.
  private static func isStore(header: UnsafeRawPointer) -> Bool {
    let id = UInt32(bigEndian: header.loadUnaligned(fromByteOffset: 68, as: UInt32.self))
    return id == UInt32(storeApplicationID)
  }
}
