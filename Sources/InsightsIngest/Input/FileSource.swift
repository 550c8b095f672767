internal import Glibc

/// The bytes of an open file.
final class FileSource: ByteSource {
  private let descriptor: Int32
  /// Bytes read so far.
  private(set) var byteCount = 0

  /// Opens the file at `path`, `-` for standard input; fails with `errno` set.
  ///
  /// What is no regular file (a pipe) is first read to its end into a temporary file without a
  /// name, so that `rewind` allows a second look.
  convenience init?(path: String) {
    guard path != "-" else {
      self.init(spooling: STDIN_FILENO)
      return
    }
    let input = open(path, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { return nil }
    var status = stat()
    if fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      self.init(descriptor: input)
    } else {
      defer { close(input) }
      self.init(spooling: input)
    }
  }

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  private init?(spooling input: Int32) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array((folder + "/insights-XXXXXX").utf8CString)
    descriptor = mkstemp(&name)
    if descriptor < 0 { return nil }
    unlink(name)
    guard FileSource.copy(from: input, to: descriptor) else { return nil }
    rewind()
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Goes back to the start.
  func rewind() {
    lseek(descriptor, 0, SEEK_SET)
    byteCount = 0
  }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        byteCount += count
        return count
      }
      guard errno == EINTR else {
        throw InputDamage(message: "reading failed: \(String(cString: strerror(errno)))")
      }
    }
  }

  private static func copy(from input: Int32, to output: Int32) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { buffer in
      while true {
        let count = Glibc.read(input, buffer.baseAddress, buffer.count)
        if count == 0 { return true }
        if count < 0 {
          guard errno == EINTR else { return false }
          continue
        }
        var written = 0
        while written < count {
          let step = write(output, buffer.baseAddress.map { $0 + written }, count - written)
          guard step > 0 || errno == EINTR else { return false }
          written += max(step, 0)
        }
      }
    }
  }
}
