internal import Glibc

/// Bytes on their way to a file descriptor, or collected in memory.
///
/// Formatters append to `bytes` and call `flushIfFull()` between rows, so that the only step that can
/// fail is taken once per 64 KiB. The file descriptor stays the caller's to close. Bytes that are
/// not flushed at the end are lost.
public struct OutputBuffer: ~Copyable {
  /// What has not been written yet; in a buffer without a file descriptor, everything.
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

  /// Lets a closed pipe be reported as `OutputError.closedPipe`.
  ///
  /// By default it would end the process by a signal. Call it once, at the start of a program.
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

  /// Writes what is there once it is 64 KiB or more.
  ///
  /// - Throws: `OutputError` when it cannot be written.
  public mutating func flushIfFull() throws(OutputError) {
    if bytes.count >= Self.capacity { try flush() }
  }

  /// Writes everything appended so far.
  ///
  /// In memory it does nothing.
  ///
  /// - Throws: `OutputError` when it cannot be written; the bytes are given up.
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

  /// Writes all of `bytes` however often the system stops half-way; returns 0 or the `errno`.
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
        // Another program made the shared terminal or pipe non-blocking.
        var request = pollfd(fd: fileDescriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      default: return errno
      }
    }
    return 0
  }
}
