internal import CZlib

/// Compression in the gzip format.
public enum Gzip {
  /// The trade-off between the time of compression and the size of the result.
  public enum Effort: Int32, Sendable {
    /// Fast, for data that is sent once.
    case fast = 1
    /// Small, for data that is sent often.
    case best = 9
  }

  /// Returns the compressed bytes; `nil` if there is not enough memory.
  public static func compressed(_ bytes: [UInt8], effort: Effort = .best) -> [UInt8]? {
    var stream = z_stream()
    guard insights_gzip_init(&stream, effort.rawValue) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END else { return nil }
    return Array(output[..<Int(stream.total_out)])
  }
}
