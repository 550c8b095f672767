internal import Glibc

/// A file of the system's time zone database, in the format of RFC 8536.
struct TimeZoneFile {
  private static let folder = "/usr/share/zoneinfo/"
  /// The largest file of the database is about 4 kB.
  private static let byteLimit = 256 * 1024

  private(set) var transitions: [(time: Int64, offset: Int)] = []
  private(set) var offsets: [TimeZone.Offset] = []
  /// The rule that applies after the last transition.
  private(set) var rule: TimeZoneRule?

  /// Reads the file of a zone; `nil` if it is missing or damaged.
  init?(zone name: String) {
    guard TimeZoneFile.isName(name),
      let bytes = TimeZoneFile.contents(of: TimeZoneFile.folder + name)
    else { return nil }
    self.init(bytes)
  }

  /// Parses the contents of a zone file; `nil` if it is damaged.
  init?(_ bytes: [UInt8]) {
    guard bytes.withUnsafeBufferPointer({ read($0) }) else { return nil }
  }

  /// Whether the text can be the name of a zone, and not a path that leaves the folder.
  private static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return name.utf8.count <= 64
      && parts.allSatisfy { part in
        part.utf8.first.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 } == true
          && part.utf8.allSatisfy { byte in
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
              || byte.decimalDigit < 10 || "_+-".utf8.contains(byte)
          }
      }
  }

  private static func contents(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: byteLimit)
    var count = 0
    while count < bytes.count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      }
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { break }
      count += read
    }
    return Array(bytes[..<count])
  }

  // MARK: Format

  private struct Header {
    static let byteCount = 44

    var version: UInt8
    var utcCount: Int
    var standardCount: Int
    var leapCount: Int
    var transitionCount: Int
    var offsetCount: Int
    var characterCount: Int

    init?(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
      guard bytes.holds("TZif", at: start), start + Header.byteCount <= bytes.count else {
        return nil
      }
      version = bytes[start + 4]
      let counts = (0..<6).map {
        TimeZoneFile.integer(bytes, at: start + 20 + 4 * $0, byteCount: 4)
      }
      guard counts.allSatisfy({ $0 >= 0 && $0 <= TimeZoneFile.byteLimit }) else { return nil }
      utcCount = Int(counts[0])
      standardCount = Int(counts[1])
      leapCount = Int(counts[2])
      transitionCount = Int(counts[3])
      offsetCount = Int(counts[4])
      characterCount = Int(counts[5])
    }

    func dataByteCount(timeByteCount: Int) -> Int {
      transitionCount * (timeByteCount + 1) + offsetCount * 6 + characterCount
        + leapCount * (timeByteCount + 4) + standardCount + utcCount
    }
  }

  private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard var header = Header(bytes, at: 0) else { return false }
    var start = Header.byteCount
    var timeByteCount = 4
    if header.version >= UInt8(ascii: "2") {
      // The first block has 32-bit times for old programs; a block with 64-bit times follows.
      let second = start + header.dataByteCount(timeByteCount: 4)
      guard let larger = Header(bytes, at: second) else { return false }
      header = larger
      start = second + Header.byteCount
      timeByteCount = 8
    }
    let end = start + header.dataByteCount(timeByteCount: timeByteCount)
    guard end <= bytes.count, header.offsetCount > 0 else { return false }
    let kinds = start + header.transitionCount * timeByteCount
    let definitions = kinds + header.transitionCount
    let names = definitions + header.offsetCount * 6
    for index in 0..<header.offsetCount {
      let definition = definitions + 6 * index
      let name = names + Int(bytes[definition + 5])
      guard name < names + header.characterCount else { return false }
      let abbreviation = bytes[name..<names + header.characterCount].prefix { $0 != 0 }
      offsets.append(
        TimeZone.Offset(
          seconds: Int(TimeZoneFile.integer(bytes, at: definition, byteCount: 4)),
          abbreviation: String(decoding: abbreviation, as: UTF8.self)))
    }
    for index in 0..<header.transitionCount {
      let kind = Int(bytes[kinds + index])
      guard kind < offsets.count else { return false }
      let time = TimeZoneFile.integer(
        bytes, at: start + index * timeByteCount, byteCount: timeByteCount)
      transitions.append((time, kind))
    }
    if timeByteCount == 8 {
      let footer = bytes[end...].drop { $0 == 0x0A }.prefix { $0 != 0x0A }
      rule = TimeZoneRule(String(decoding: footer, as: UTF8.self))
    }
    return true
  }

  /// A signed big-endian integer inside the buffer.
  private static func integer(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, byteCount: Int
  ) -> Int64 {
    var value = Int64(Int8(bitPattern: bytes[start]))
    for index in 1..<byteCount { value = value << 8 | Int64(bytes[start + index]) }
    return value
  }
}
