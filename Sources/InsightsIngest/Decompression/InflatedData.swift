/// Decompresses data in memory, including nested compression.
public enum InflatedData {
  /// The maximum number of nested layers of compression.
  private static let nestingLimit = 3
  /// The maximum decompressed size of one record, in bytes; subscriptions send some MB at most.
  static let byteLimit = 64 << 20

  /// Returns the readable part of the text, and the damage if it ends early.
  static func text(of data: [UInt8]) -> (text: [UInt8], damage: InputDamage?) {
    var data = data
    for _ in 0..<nestingLimit {
      let source: any ByteSource
      if GzipDecompressor.recognizes(data) {
        source = GzipDecompressor(source: MemorySource(data))
      } else if ZstdDecompressor.recognizes(data) {
        source = ZstdDecompressor(source: MemorySource(data))
      } else {
        break
      }
      let (inflated, damage) = read(source)
      if let damage { return (inflated, damage) }
      data = inflated
    }
    return (data, nil)
  }

  /// Returns the whole text; `nil` if it is damaged or too large.
  public static func whole(of data: [UInt8]) -> [UInt8]? {
    let (text, damage) = text(of: data)
    return damage == nil ? text : nil
  }

  private static func read(_ source: any ByteSource) -> ([UInt8], InputDamage?) {
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 * 1024)
    defer { piece.deallocate() }
    var bytes: [UInt8] = []
    do throws(InputDamage) {
      while true {
        let count = try source.read(into: piece)
        if count == 0 { return (bytes, nil) }
        bytes.append(contentsOf: piece[..<count])
        guard bytes.count <= byteLimit else {
          throw InputDamage(message: "data of a record inflates to more than \(byteLimit >> 20) MB")
        }
      }
    } catch {
      return (bytes, error)
    }
  }
}

/// Bytes in memory.
private final class MemorySource: ByteSource {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int {
    let count = min(rest.count, buffer.count)
    for (offset, byte) in rest.prefix(count).enumerated() { buffer[offset] = byte }
    rest = rest.dropFirst(count)
    return count
  }
}
