internal import Glibc
internal import InsightsThreads

/// MCP over standard input and output: one message per line.
public enum MCPStandardStreams {
  /// The maximum size of a message in bytes.
  static let messageLimit = 4 << 20

  /// Answers requests until the input has ended and everything is answered, or until the output is
  /// closed.
  public static func run(_ service: LogService) {
    // A closed output is detected when writing.
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

    /// Whether the output is closed by its reader.
    var isClosed: Bool {
      if hasFailed.withLock({ $0 }) { return true }
      var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
      return poll(&request, 1, 0) > 0 && Int32(request.revents) & POLLERR != 0
    }
  }
}

/// Splits bytes into lines of limited length.
struct LineReader {
  private let limit: Int
  private var line: [UInt8] = []
  private var isOversized = false

  init(limit: Int) {
    self.limit = limit
  }

  /// Processes the next bytes; calls `body` with each complete line, without its line break, or
  /// `nil` for a line that is too long.
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

  /// Ends the input; calls `body` with the text after the last line break.
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
