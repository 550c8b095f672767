internal import Glibc
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// The bytes of an open file.
final class FileSource: ByteSource {
  private let descriptor: Int32
  /// The number of bytes read so far.
  private(set) var byteCount = 0
  /// The last bytes read, to check that a file that has grown is still the same.
  private var lastBytes: [UInt8] = []

  private static let lastByteLimit = 256

  /// Opens the file at `path`, `-` for standard input.
  ///
  /// A pipe or another special file is first copied to an unlinked temporary file, so that `rewind`
  /// works.
  ///
  /// - Throws: `UnreadableInput`, `StoreError.temporaryFolder`.
  convenience init(path: String) throws {
    guard path != "-" else {
      try self.init(spooling: STDIN_FILENO)
      return
    }
    let input = path.withSystemPath { open($0, O_RDONLY | O_CLOEXEC) }
    guard input >= 0 else { throw UnreadableInput(errorNumber: errno) }
    var status = stat()
    if fstat(input, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      self.init(descriptor: input)
    } else {
      defer { close(input) }
      try self.init(spooling: input)
    }
  }

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  private init(spooling input: Int32) throws {
    descriptor = NamelessFile.open(in: TemporaryFiles.folder)
    guard descriptor >= 0 else { throw FileSource.temporaryFolderFailure(errno) }
    try FileSource.copy(from: input, to: descriptor)
    rewind()
  }

  private static func temporaryFolderFailure(_ errorNumber: Int32) -> StoreError {
    .temporaryFolder(path: TemporaryFiles.folder, reason: String(cString: strerror(errorNumber)))
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Returns to the start.
  func rewind() {
    lseek(descriptor, 0, SEEK_SET)
    byteCount = 0
  }

  /// Records the last bytes of the file, which has been read to its end.
  func noteEnd() {
    lastBytes = bytesBeforeEnd()
  }

  /// Whether the file at `path` is the open one and still has the bytes before the position of
  /// `noteEnd`.
  func isContinued(at path: String) -> Bool {
    var opened = stat()
    var named = stat()
    guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0 else { return false }
    return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
      && Int(opened.st_size) >= byteCount && !lastBytes.isEmpty && bytesBeforeEnd() == lastBytes
  }

  private func bytesBeforeEnd() -> [UInt8] {
    let count = min(byteCount, FileSource.lastByteLimit)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      initializedCount = max(
        0, pread(descriptor, buffer.baseAddress, count, off_t(byteCount - count)))
    }
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

  private static func copy(from input: Int32, to output: Int32) throws {
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { buffer in
      while true {
        let count = Glibc.read(input, buffer.baseAddress, buffer.count)
        if count == 0 { return }
        if count < 0 {
          guard errno == EINTR else { throw UnreadableInput(errorNumber: errno) }
          continue
        }
        var written = 0
        while written < count {
          let step = write(output, buffer.baseAddress.map { $0 + written }, count - written)
          guard step > 0 || errno == EINTR else { throw temporaryFolderFailure(errno) }
          written += max(step, 0)
        }
      }
    }
  }
}

/// An input that cannot be opened or read.
struct UnreadableInput: Error {
  /// The system's error message.
  let reason: String

  init(errorNumber: Int32) {
    reason = String(cString: strerror(errorNumber))
  }
}
