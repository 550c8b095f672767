/// Recognises network addresses and host names by their shape.
enum AddressShape {
  /// Matches `a.b.c.d` with groups of at most three digits, and an optional port.
  static func endOfAddress(in line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count >= 7, range.count <= 15 else { return nil }
    var groupLength = 0
    var dotCount = 0
    for index in range {
      if ByteClass(line[index]) == .digit {
        groupLength += 1
        if groupLength > 3 { return nil }
      } else {
        guard line[index] == UInt8(ascii: "."), groupLength > 0 else { return nil }
        dotCount += 1
        groupLength = 0
      }
    }
    guard dotCount == 3, groupLength > 0 else { return nil }
    let end = range.upperBound
    guard end < line.count, line[end] == UInt8(ascii: ":") else { return end }
    var portEnd = end + 1
    while portEnd < line.count, ByteClass(line[portEnd]) == .digit { portEnd += 1 }
    let isPort =
      (1...5).contains(portEnd - end - 1)
      && !(portEnd < line.count && ByteClass(line[portEnd]).isWord)
    return isPort ? portEnd : end
  }

  /// Matches groups of hexadecimal digits separated by colons: a hardware address or an IPv6
  /// address.
  static func colonAddress(
    in line: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (kind: TokenKind, end: Int)? {
    var index = start
    var groupCount = 0
    var longestGroup = 0
    var hasGap = false
    while true {
      let groupStart = index
      while index < line.count, ByteClass(line[index]).isHexDigit, index - groupStart <= 4 {
        index += 1
      }
      guard index - groupStart <= 4 else { return nil }
      if index > groupStart {
        groupCount += 1
        longestGroup = max(longestGroup, index - groupStart)
      }
      guard groupCount <= 8 else { return nil }
      guard index < line.count, line[index] == UInt8(ascii: ":") else { break }
      if index + 1 < line.count, line[index + 1] == UInt8(ascii: ":") {
        guard !hasGap else { return nil }
        hasGap = true
        index += 2
      } else if index + 1 < line.count, ByteClass(line[index + 1]).isHexDigit {
        index += 1
      } else {
        break
      }
    }
    if index < line.count, ByteClass(line[index]).isWord, line[index] != UInt8(ascii: ".") {
      return nil
    }
    if groupCount == 6, !hasGap, longestGroup <= 2 { return (.identifier, index) }
    return groupCount == 8 || hasGap && groupCount >= 2 ? (.address, index) : nil
  }

  /// Matches a host name with its domain, `db.example.com`, or with a digit and a port,
  /// `node-3:8080`.
  ///
  /// Names of packages and classes look similar, but begin with what host names end with.
  static func endOfHost(in line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    guard ByteClass(line[range.lowerBound]).isAlphanumeric else { return nil }
    var labelCount = 1
    var lastLabel = range.lowerBound
    var firstEnd = range.upperBound
    var hasDigit = false
    for index in range {
      let byte = line[index]
      if byte == UInt8(ascii: ".") {
        guard index > lastLabel else { return nil }
        if labelCount == 1 { firstEnd = index }
        labelCount += 1
        lastLabel = index + 1
      } else if byte != UInt8(ascii: "-"), byte >= 0x80 || !ByteClass(byte).isAlphanumeric {
        return nil
      } else if byte.decimalDigit < 10 {
        hasDigit = true
      }
    }
    let isNamed =
      labelCount >= 3 && isOneOf(topDomains, line, lastLabel..<range.upperBound)
      && !isOneOf(packageRoots, line, range.lowerBound..<firstEnd)
    let end = range.upperBound
    guard isNamed || hasDigit else { return nil }
    var portEnd = end + 1
    while portEnd < line.count, portEnd - end <= 5, ByteClass(line[portEnd]) == .digit {
      portEnd += 1
    }
    let hasPort =
      end < line.count && line[end] == UInt8(ascii: ":") && portEnd - end > (isNamed ? 2 : 4)
      && !(portEnd < line.count
        && (ByteClass(line[portEnd]).isAlphanumeric || line[portEnd] == UInt8(ascii: ":")))
    return hasPort ? portEnd : isNamed ? end : nil
  }

  private static let topDomains = names(
    """
    com net org edu gov mil int info biz io dev app cloud local internal lan home corp \
    au at be br ca ch cn de dk es eu fi fr hk ie in it jp kr nl no nz ru se sg tw uk us
    """)
  private static let packageRoots = names("com net org edu gov io dev java javax sun android")

  private static func names(_ list: String) -> [[UInt8]] {
    list.split(separator: " ").map { Array($0.utf8) }
  }

  private static func isOneOf(
    _ names: [[UInt8]], _ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Bool {
    names.contains { $0.count == range.count && $0.elementsEqual(line[range]) }
  }
}
