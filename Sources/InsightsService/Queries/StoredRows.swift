internal import Glibc
internal import InsightsModel
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// The rows of one result, encoded: in memory while they are few, otherwise in an unlinked
/// temporary file.
///
/// One thread appends, others read existing rows.
final class StoredRows: Sendable {
  /// The maximum number of bytes in memory.
  private static let memoryLimit = 256 << 10

  private struct State {
    /// The end of each row.
    var ends: [Int] = []
    /// All rows, or those not yet in the file.
    var bytes: [UInt8] = []
    var file: TemporaryFile?
    var fileByteCount = 0
  }

  private let state = Locked(State())

  var count: Int { state.withLock { $0.ends.count } }

  /// The size in bytes in memory and, if there is one, in the file.
  var size: (memory: Int, file: Int?) {
    state.withLock { state in
      let memory = state.bytes.count + state.ends.count * MemoryLayout<Int>.stride + 1024
      return (memory, state.file == nil ? nil : state.fileByteCount)
    }
  }

  /// Appends a row.
  ///
  /// - Throws: `StoreError.temporaryFolder`.
  func append(_ row: [UInt8]) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      state.bytes += row
      state.ends.append((state.ends.last ?? 0) + row.count)
      if state.bytes.count >= Self.memoryLimit { try Self.spill(&state) }
    }
  }

  /// Ends the rows and releases unused memory.
  func finish() {
    state.withLock { state in
      if state.file != nil { try? Self.spill(&state) }
      // Drop the spare capacity.
      state.bytes = state.bytes.map(\.self)
      state.ends = state.ends.map(\.self)
    }
  }

  /// Divides a range of rows into consecutive pieces of at most `byteCount` bytes each; a longer
  /// row is a piece of its own.
  func pieces(of range: Range<Int>, byteCount: Int) -> [Range<Int>] {
    state.withLock { state in
      let range = range.clamped(to: 0..<state.ends.count)
      var pieces: [Range<Int>] = []
      var first = range.lowerBound
      while first < range.upperBound {
        let start = first == 0 ? 0 : state.ends[first - 1]
        var last = first + 1
        while last < range.upperBound, state.ends[last] - start <= byteCount { last += 1 }
        pieces.append(first..<last)
        first = last
      }
      return pieces
    }
  }

  /// Returns the rows of a range, separated by commas; rows that do not exist are omitted.
  func joined(_ range: Range<Int>) -> [UInt8] {
    state.withLock { state in
      let range = range.clamped(to: 0..<state.ends.count)
      guard !range.isEmpty else { return [] }
      let start = range.lowerBound == 0 ? 0 : state.ends[range.lowerBound - 1]
      let bytes = Self.read(start..<state.ends[range.upperBound - 1], of: state)
      var output: [UInt8] = []
      output.reserveCapacity(bytes.count + range.count)
      var position = 0
      for row in range {
        if row > range.lowerBound { output.append(UInt8(ascii: ",")) }
        let end = state.ends[row] - start
        output += bytes[position..<min(end, bytes.count)]
        position = min(end, bytes.count)
      }
      return output
    }
  }

  private static func spill(_ state: inout State) throws(StoreError) {
    let file: TemporaryFile
    if let known = state.file { file = known } else { file = try TemporaryFile() }
    try file.write(state.bytes, at: state.fileByteCount)
    state.file = file
    state.fileByteCount += state.bytes.count
    state.bytes = []
  }

  private static func read(_ range: Range<Int>, of state: State) -> [UInt8] {
    var bytes: [UInt8] = []
    let inFile = range.clamped(to: 0..<state.fileByteCount)
    if let file = state.file, !inFile.isEmpty { bytes = file.read(inFile) }
    let end = state.fileByteCount + state.bytes.count
    let inMemory = range.clamped(to: state.fileByteCount..<max(end, state.fileByteCount))
    bytes +=
      state.bytes[
        (inMemory.lowerBound - state.fileByteCount)..<(inMemory.upperBound - state.fileByteCount)]
    return bytes
  }
}

/// An unlinked file in the folder for temporary files.
final class TemporaryFile: Sendable {
  private let descriptor: Int32

  /// Creates the file.
  ///
  /// - Throws: `StoreError.temporaryFolder`.
  init() throws(StoreError) {
    descriptor = NamelessFile.open(in: TemporaryFiles.folder)
    guard descriptor >= 0 else {
      throw .temporaryFolder(
        path: TemporaryFiles.folder, reason: String(cString: strerror(errno)))
    }
  }

  deinit {
    close(descriptor)
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written, offset + written)
      }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw .temporaryFolder(
          path: TemporaryFiles.folder, reason: String(cString: strerror(errno)))
      }
      written += count
    }
  }

  /// Returns the bytes of a range, or fewer if they cannot be read.
  func read(_ range: Range<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      while filled < range.count {
        let count = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, range.count - filled,
          off_t(range.lowerBound + filled))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        filled += count
      }
    }
  }
}
