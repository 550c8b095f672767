internal import Glibc

/// Buffers bytes for a file descriptor, or collects them in memory.
///
/// Formatters append to `bytes` and call `flushIfFull()` between rows, so that the only step that
/// can fail runs once per 64 KiB. The caller closes the file descriptor. Bytes that are not flushed
/// at the end are lost.
public struct OutputBuffer: ~Copyable {
  /// The bytes not written yet; without a file descriptor, all bytes.
  public internal(set) var bytes: [UInt8] = []

  private let fileDescriptor: Int32?
  private static let capacity = 65_536

  /// Makes a buffer that collects in memory.
  public init() {
    fileDescriptor = nil
  }

  /// Makes a buffer that writes to `fileDescriptor`.
  public init(fileDescriptor: Int32) {
    self.fileDescriptor = fileDescriptor
    bytes.reserveCapacity(Self.capacity)
  }

  /// Makes a closed pipe an `OutputError.closedPipe` (ignores SIGPIPE).
  ///
  /// By default the signal would end the process. Call it once, at the start of the program.
  public static func reportClosedPipes() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// Appends the UTF-8 bytes of `text`.
  public mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Appends bytes.
  public mutating func append(contentsOf bytes: [UInt8]) {
    self.bytes.append(contentsOf: bytes)
  }

  /// Writes the buffer if it contains 64 KiB or more.
  ///
  /// - Throws: `OutputError` if it cannot be written.
  public mutating func flushIfFull() throws(OutputError) {
    if bytes.count >= Self.capacity { try flush() }
  }

  /// Writes the buffer; does nothing in memory.
  ///
  /// - Throws: `OutputError` if it cannot be written; the bytes are then discarded.
  public mutating func flush() throws(OutputError) {
    guard let fileDescriptor else { return }
    let errorNumber = bytes.withUnsafeBytes { Self.write($0, to: fileDescriptor) }
    bytes.removeAll(keepingCapacity: true)
    switch errorNumber {
    case 0: return
    case EPIPE: throw .closedPipe
    default: throw .writeFailed(errorNumber: errorNumber)
    }
  }

  /// Writes all of `bytes`, continuing after partial writes; returns 0 or the `errno`.
  private static func write(_ bytes: UnsafeRawBufferPointer, to fileDescriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(
        fileDescriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Another program may have made a shared terminal or pipe non-blocking: wait until it is
        // ready.
        var request = pollfd(fd: fileDescriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      default: return errno
      }
    }
    return 0
  }
}
