/// Recognises the parts around a number: units, and sizes repeated in a larger unit.
enum AmountShape {
  /// Returns the end of a space and a unit of bytes after a number: `1.5 KB`.
  static func endOfUnit(in line: UnsafeBufferPointer<UInt8>, at end: Int) -> Int? {
    guard end < line.count, line[end] == UInt8(ascii: " ") else { return nil }
    var index = end + 1
    if index < line.count, sizePrefixes.contains(line[index]) { index += 1 }
    if index > end + 1, index < line.count, line[index] == UInt8(ascii: "i") { index += 1 }
    guard index < line.count, line[index] == UInt8(ascii: "B") else { return nil }
    return endOfWord(in: line, at: index + 1)
  }

  /// Returns the end of a space and the word `bytes` after a number.
  static func endOfByteWord(in line: UnsafeBufferPointer<UInt8>, at end: Int) -> Int? {
    endOfWord(in: line, at: end, among: byteWords)
  }

  /// Returns the end of a size repeated in a larger unit: ` (1.5 KB)` after `1536 bytes`.
  static func endOfNote(in line: UnsafeBufferPointer<UInt8>, at end: Int) -> Int? {
    guard end + 2 < line.count, line[end] == UInt8(ascii: " "), line[end + 1] == UInt8(ascii: "(")
    else { return nil }
    var index = end + 2
    while index < line.count, line[index].decimalDigit < 10 || line[index] == UInt8(ascii: ".") {
      index += 1
    }
    guard index > end + 2, let unitEnd = endOfUnit(in: line, at: index), unitEnd < line.count,
      line[unitEnd] == UInt8(ascii: ")")
    else { return nil }
    return unitEnd + 1
  }

  /// Returns the end of a bound on a duration: `<1 sec`.
  static func endOfBound(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard line[start] == UInt8(ascii: "<") || line[start] == UInt8(ascii: ">") else { return nil }
    var index = start + 1
    while index < line.count, line[index].decimalDigit < 10 { index += 1 }
    return index == start + 1 ? nil : endOfWord(in: line, at: index, among: timeWords)
  }

  private static func endOfWord(
    in line: UnsafeBufferPointer<UInt8>, at end: Int, among words: [[UInt8]]
  ) -> Int? {
    guard end < line.count, line[end] == UInt8(ascii: " ") else { return nil }
    let start = end + 1
    return words.lazy.compactMap { word in
      start + word.count <= line.count
        && word.elementsEqual(line[start..<start + word.count])
        ? endOfWord(in: line, at: start + word.count) : nil
    }.first
  }

  /// Returns `end` if no letter or digit follows; otherwise `nil`.
  private static func endOfWord(in line: UnsafeBufferPointer<UInt8>, at end: Int) -> Int? {
    end < line.count && ByteClass(line[end]).isAlphanumeric ? nil : end
  }

  private static let sizePrefixes = Array("kKMGTP".utf8)
  private static let byteWords = words("bytes byte")
  private static let timeWords = words("ms msec sec secs second seconds s min mins minute minutes")

  private static func words(_ list: String) -> [[UInt8]] {
    list.split(separator: " ").map { Array($0.utf8) }
  }
}
