internal import Glibc
internal import InsightsText

/// Buffers output that must appear as a whole or not at all.
///
/// Up to 256 KiB are kept in memory, more in an unlinked temporary file. A server may have one for each
/// client, for as long as that takes to read.
public final class OutputSpool {
  private static let memoryLimit = 256 << 10

  private var buffer = OutputBuffer()
  private let folder: String
  /// The temporary file; -1 until one is needed.
  private var descriptor: Int32 = -1

  /// `folder` is where the temporary file is created.
  public init(folder: String) {
    self.folder = folder
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends the bytes that `body` appends.
  ///
  /// - Throws: `OutputError` if the temporary file cannot be written.
  public func append(_ body: (inout [UInt8]) -> Void) throws(OutputError) {
    body(&buffer.bytes)
    guard descriptor < 0 else { return try buffer.flushIfFull() }
    guard buffer.bytes.count > Self.memoryLimit else { return }
    descriptor = NamelessFile.open(in: folder)
    guard descriptor >= 0 else { throw .cannotCreate(errorNumber: errno) }
    var file = OutputBuffer(fileDescriptor: descriptor)
    file.append(contentsOf: buffer.bytes)
    try file.flush()
    buffer = file
  }

  /// Writes all appended bytes to a file descriptor.
  ///
  /// - Throws: `OutputError` if they cannot be written.
  public func copy(to target: Int32) throws(OutputError) {
    var output = OutputBuffer(fileDescriptor: target)
    try forEachPiece { piece throws(OutputError) in
      output.bytes += piece
      try output.flush()
      return true
    }
  }

  /// Calls `body` with all appended bytes, piece by piece, until it returns false.
  ///
  /// - Throws: `OutputError` if the temporary file cannot be read, and what `body` throws.
  public func forEachPiece(
    _ body: (ArraySlice<UInt8>) throws(OutputError) -> Bool
  ) throws(OutputError) {
    if descriptor >= 0 {
      lseek(descriptor, 0, SEEK_SET)
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw .writeFailed(errorNumber: errno) }
        if count == 0 { break }
        guard try body(piece[..<count]) else { return }
      }
    }
    for start in stride(from: 0, to: buffer.bytes.count, by: 1 << 16) {
      let end = min(start + (1 << 16), buffer.bytes.count)
      guard try body(buffer.bytes[start..<end]) else { return }
    }
  }
}
