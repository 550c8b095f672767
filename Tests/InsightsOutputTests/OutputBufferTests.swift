import Foundation
import Glibc
import InsightsModel
import InsightsOutput
import Testing

@Suite struct OutputBufferTests {
  /// A pipe whose ends are closed with the test.
  private struct Pipe: ~Copyable {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      readEnd = ends[0]
      writeEnd = ends[1]
    }

    deinit {
      close(readEnd)
      close(writeEnd)
    }
  }

  @Test("bytes arrive complete and in order through a non-blocking pipe smaller than they are")
  func partialWrites() throws {
    let pipe = try Pipe()
    try #require(fcntl(pipe.writeEnd, F_SETFL, O_NONBLOCK) == 0)
    let reader = PipeReader(readEnd: pipe.readEnd, byteCount: 1_000_000)
    var output = OutputBuffer(fileDescriptor: pipe.writeEnd)
    var expected: [UInt8] = []
    for number in 0..<100_000 {
      let line = String(number + 100_000_000) + "\n"
      expected.append(contentsOf: line.utf8)
      output.append(line)
      try output.flushIfFull()
    }
    try output.flush()
    #expect(output.bytes.isEmpty)
    #expect(reader.received() == expected)
  }

  @Test("a closed pipe is an error of its own")
  func closedPipe() throws {
    OutputBuffer.reportClosedPipes()
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    var output = OutputBuffer(fileDescriptor: ends[1])
    output.append("x")
    let error = #expect(throws: OutputError.self) { try output.flush() }
    #expect(error == .closedPipe)
  }

  @Test("a full disk is reported with the system's words")
  func fullDisk() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var output = OutputBuffer(fileDescriptor: descriptor)
    output.append("x")
    let error = #expect(throws: OutputError.self) { try output.flush() }
    #expect(error == .writeFailed(errorNumber: ENOSPC))
    #expect(error?.description == "the output cannot be written: No space left on device")
  }
}

/// Reads a pipe on a thread of its own: on one that tests share, it might wait for the writer.
private final class PipeReader: @unchecked Sendable {
  private var bytes: [UInt8] = []
  private let hasEnded = DispatchSemaphore(value: 0)

  init(readEnd: Int32, byteCount: Int) {
    Thread.detachNewThread { [self] in
      var chunk = [UInt8](repeating: 0, count: 5000)
      while bytes.count < byteCount {
        let count = read(readEnd, &chunk, chunk.count)
        guard count > 0 else { break }
        bytes.append(contentsOf: chunk[..<count])
      }
      hasEnded.signal()
    }
  }

  /// All bytes; waits for them.
  func received() -> [UInt8] {
    hasEnded.wait()
    return bytes
  }
}
