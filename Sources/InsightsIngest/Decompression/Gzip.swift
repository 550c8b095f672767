internal import CZlib

/// Bytes as gzip.
public enum Gzip {
  /// How much time compression may take.
  public enum Effort: Int32, Sendable {
    /// For what is sent once.
    case fast = 1
    /// For what is sent often.
    case best = 9
  }

  /// The bytes made smaller; `nil` where memory does not last.
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
