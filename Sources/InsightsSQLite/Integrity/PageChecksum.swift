/// The checksum in the last eight bytes of every page of a store.
///
/// SQLite does not use these bytes ("reserved space"), so other tools can read the store. The
/// number of the page is included, so that a misplaced page does not match. It detects accidents,
/// not forgeries. Any change within one word of eight bytes is detected with certainty, as each
/// step is a bijection; other damage with a probability of 1 - 2⁻⁶⁴.
package enum PageChecksum {
  package static let pageSize = 4096
  package static let reservedByteCount = 8

  private static let wordSize = MemoryLayout<UInt64>.size
  private static let contentByteCount = pageSize - reservedByteCount
  private static let lanesByteCount = 4 * wordSize

  /// Whether the header of a database, at least 100 bytes, says that its pages have room for
  /// checksums.
  static func isUsed(byHeader header: UnsafeRawPointer) -> Bool {
    let magic: StaticString = "SQLite format 3\0"
    let pageSizeField = UInt16(bigEndian: header.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
    let hasMagic = (0..<magic.utf8CodeUnitCount).allSatisfy {
      header.load(fromByteOffset: $0, as: UInt8.self) == magic.utf8Start[$0]
    }
    return hasMagic && pageSizeField == UInt16(pageSize)
      && header.load(fromByteOffset: 20, as: UInt8.self) == UInt8(reservedByteCount)
  }

  /// Writes the checksum into the page; pages are numbered from 1.
  static func seal(_ page: UnsafeMutableRawPointer, number: UInt32) {
    page.storeBytes(
      of: value(of: page, number: number).littleEndian, toByteOffset: contentByteCount,
      as: UInt64.self)
  }

  /// Whether the page matches its checksum.
  static func matches(_ page: UnsafeRawPointer, number: UInt32) -> Bool {
    load(page, contentByteCount) == value(of: page, number: number)
  }

  /// Four independent chains, as each step waits for the multiplication of the previous one.
  private static func value(of page: UnsafeRawPointer, number: UInt32) -> UInt64 {
    // The fractional digits of the square roots of 2, 3, 5 and 7.
    var a: UInt64 = 0x6A09_E667_F3BC_C908
    var b: UInt64 = 0xBB67_AE85_84CA_A73B
    var c: UInt64 = 0x3C6E_F372_FE94_F82B
    var d: UInt64 = 0xA54F_F53A_5F1D_36F1
    var offset = 0
    while offset <= contentByteCount - lanesByteCount {
      a = step(a, load(page, offset))
      b = step(b, load(page, offset + wordSize))
      c = step(c, load(page, offset + 2 * wordSize))
      d = step(d, load(page, offset + 3 * wordSize))
      offset += lanesByteCount
    }
    while offset < contentByteCount {
      a = step(a, load(page, offset))
      offset += wordSize
    }
    return step(step(step(step(UInt64(number), a), b), c), d)
  }

  @inline(__always)
  private static func step(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = state ^ word
    return (mixed << 29 | mixed >> 35) &* 0x9FB2_1C65_1E98_DF25
  }

  @inline(__always)
  private static func load(_ page: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: page.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
