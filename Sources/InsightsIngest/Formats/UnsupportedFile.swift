internal import InsightsText

/// Files that are not logs, though some contain logs; the only report is what to do with them
/// instead.
enum UnsupportedFile {
  /// The first bytes of each kind of file.
  private static let marks: [(bytes: [UInt8], advice: String)] = [
    (Array("PAR1".utf8), "a Parquet file is not read; export JSON or CSV instead"),
    (Array("Obj\u{1}".utf8), "an Avro file is not read; export JSON or CSV instead"),
    (Array("ARROW1".utf8), "an Arrow file is not read; export JSON or CSV instead"),
    (Array("SQLite format 3\0".utf8), "an SQLite database is not a log"),
    ([0xFD] + Array("7zXZ\0".utf8), compressed("xz")),
    ([0x5D, 0, 0], compressed("lzma")),
    (Array("LZIP\u{1}".utf8), compressed("lzip")),
    ([0x04, 0x22, 0x4D, 0x18], compressed("lz4")),
    ([0x02, 0x21, 0x4C, 0x18], compressed("lz4")),
    ([0xFF, 0x06, 0, 0] + Array("sNaPpY".utf8), compressed("snappy")),
    ([0x82] + Array("SNAPPY\0".utf8), compressed("snappy")),
    ([0x89] + Array("LZO\0".utf8), compressed("lzop")),
    ([0x1F, 0x9D], compressed("compress")),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], archive("a 7z")),
    (Array("Rar!\u{1A}\u{7}".utf8), archive("a RAR")),
    (Array("PK\u{5}\u{6}".utf8), archive("a zip")),
    (Array("%PDF-".utf8), "a PDF file is not a log"),
    ([0x89] + Array("PNG\r\n".utf8), "a picture is not a log"),
    ([0xFF, 0xD8, 0xFF], "a picture is not a log"),
    (Array("GIF87a".utf8), "a picture is not a log"),
    (Array("GIF89a".utf8), "a picture is not a log"),
    ([0x7F] + Array("ELF".utf8), "a program is not a log"),
  ]

  private static func compressed(_ name: String) -> String {
    "data compressed with \(name) is not read; unpack it, or compress it with gzip or zstd"
  }

  private static func archive(_ name: String) -> String {
    "\(name) archive is not read; unpack it and give the folder"
  }

  /// Returns what to do with a file that begins like this; `nil` for one that may be a log.
  static func advice(on head: UnsafeBufferPointer<UInt8>) -> String? {
    for (bytes, advice) in marks
    where bytes.count <= head.count && head.prefix(bytes.count).elementsEqual(bytes) {
      return advice
    }
    // A level is between the two parts of bzip2's magic number.
    if head.count >= 10, head.holds("BZh", at: 0), (0x31...0x39).contains(head[3]),
      head[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
        || head[4..<10].elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
    {
      return compressed("bzip2")
    }
    if head.holds("PK\u{3}\u{4}", at: 0) {
      return head.firstOffset(of: "xl/") != nil || head.firstOffset(of: "[Content_Types]") != nil
        ? "an Excel workbook is not read; export CSV or JSON instead" : archive("a zip")
    }
    if head.holds("ustar", at: 257) { return archive("a tar") }
    if let advice = CommandLineReply.advice(on: head) { return advice }
    return isBinary(UnsafeBufferPointer(rebasing: head.prefix(4096)))
      ? "binary data is not a log" : nil
  }

  /// Whether there are control characters that do not occur in text of any encoding.
  ///
  /// NULs do not count: texts of some sources contain them.
  private static func isBinary(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    let controlCount = head.count { $0 < 0x20 && $0 > 0 && !isOfText($0) }
    if controlCount * 5 > head.count { return true }
    // The last character may be truncated.
    let whole = head.dropLast(head.count == 4096 ? 3 : 0)
    return controlCount * 50 > head.count && String(validating: whole, as: UTF8.self) == nil
  }

  /// Backspace, tab, line end, form feed, return, and the first byte of a colour sequence.
  private static func isOfText(_ byte: UInt8) -> Bool {
    (0x08...0x0D).contains(byte) || byte == 0x1B
  }
}
