internal import Glibc
internal import InsightsThreads

/// MCP over standard input and output: a message a line.
public enum MCPStandardStreams {
  /// Bytes of one message, at most.
  static let messageLimit = 4 << 20

  /// Answers until the input ends and everything that was asked is answered, or until nobody reads
  /// the answers.
  public static func run(_ service: LogService) {
    // Who reads may be gone; that shows when writing.
    signal(SIGPIPE, SIG_IGN)
    let output = Output()
    let connection = MCPConnection(MCPServer(service: service), write: output.write)
    var lines = LineReader(limit: messageLimit)
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while !output.isClosed {
      let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      lines.take(buffer[..<count]) { line in
        if let line {
          connection.receive(line)
        } else {
          connection.receiveOversized(limit: messageLimit)
        }
      }
    }
    lines.end { if let line = $0 { connection.receive(line) } }
    while !connection.isIdle {
      if output.isClosed { connection.close() }
      usleep(5000)
    }
    service.stopping.happen()
  }

  /// Standard output: whole lines, from any thread.
  private final class Output: Sendable {
    private let hasFailed = Locked(false)

    func write(_ bytes: [UInt8]) {
      hasFailed.withLock { hasFailed in
        guard !hasFailed else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
          if count < 0, errno == EINTR { continue }
          guard count > 0 else {
            hasFailed = true
            return
          }
          rest = rest.dropFirst(count)
        }
      }
    }

    /// Whether nobody reads any more.
    var isClosed: Bool {
      if hasFailed.withLock({ $0 }) { return true }
      var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
      return poll(&request, 1, 0) > 0 && Int32(request.revents) & POLLERR != 0
    }
  }
}

/// Cuts bytes into lines, none of which is kept beyond a limit.
struct LineReader {
  private let limit: Int
  private var line: [UInt8] = []
  private var isOversized = false

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes the next bytes and gives the lines that are whole, without their line breaks; `nil` for
  /// one that is too long.
  mutating func take(_ bytes: ArraySlice<UInt8>, _ body: ([UInt8]?) -> Void) {
    var rest = bytes
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      append(rest[..<end])
      body(isOversized ? nil : line)
      line.removeAll(keepingCapacity: line.count < 1 << 16)
      isOversized = false
      rest = rest[(end + 1)...]
    }
    append(rest)
  }

  /// The input ends: gives what stands behind the last line break.
  func end(_ body: ([UInt8]?) -> Void) {
    if isOversized || !line.isEmpty { body(isOversized ? nil : line) }
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    guard !isOversized else { return }
    if line.count + bytes.count > limit {
      isOversized = true
      line = []
    } else {
      line += bytes
    }
  }
}
