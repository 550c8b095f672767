public import InsightsText

/// Writes log events as lines.
public struct LogLines {
  private let terminal: Terminal
  private let timeZone: TimeZone

  /// Prepares a writer for output to `terminal`; on a terminal, escape sequences in messages are
  /// made visible.
  public init(terminal: Terminal, timeZone: TimeZone = .utc) {
    self.terminal = terminal
    self.timeZone = timeZone
  }

  /// Appends an event: its time, its origin, and its message.
  ///
  /// Further lines of the message are aligned below the first.
  public func append(
    timestamp: Int64?, origin: String?, message: String, to output: inout OutputBuffer
  ) {
    var head: [UInt8] = []
    if let timestamp { Timestamp.append(timestamp, in: timeZone, to: &head) }
    let time = String(decoding: head, as: UTF8.self)
    let parts = [time.isEmpty ? nil : time, origin.map(PrintableText.line)].compactMap { $0 }
    let prefix = parts.isEmpty ? "" : parts.joined(separator: "  ") + "  "
    let indentation = String(repeating: " ", count: DisplayWidth.columns(of: prefix))
    var lines = PrintableText.lines(of: message)
    if terminal.columnCount == nil {
      lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      while lines.last?.isEmpty == true { lines.removeLast() }
    }
    if lines.isEmpty { lines = [""] }
    for (index, line) in lines.enumerated() {
      if index > 0 {
        output.append(indentation)
      } else if terminal.usesColor, !prefix.isEmpty {
        output.append("\u{1B}[2m\(prefix)\u{1B}[0m")
      } else {
        output.append(prefix)
      }
      output.append(line + "\n")
    }
  }
}
