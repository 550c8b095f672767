internal import InsightsText

/// Output of tools among the logs that is not a log: prompts, throttling, pagers.
enum ToolChatter {
  private static let beginnings: [StaticString] = [
    "An error occurred (", "Broken pipe", "[Errno 32] Broken pipe", "(END)", "Press q",
    "Press Ctrl",
    "Fetching logs for ", "Starting a Live Tail session",
    "Unable to locate credentials", "Could not connect to the endpoint URL",
    "aws: [ERROR]", "aws: error:", "usage: aws ",
  ]

  /// Whether a line is a tool's own output.
  static func recognizes(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    var start = 0
    while start < line.count, line[start] <= 0x20 { start += 1 }
    guard start < line.count else { return false }
    if beginnings.contains(where: { line.holds($0, at: start) }) { return true }
    return isPrompt(line, at: start)
  }

  /// Whether a line is a shell's prompt with a command that prints logs.
  private static func isPrompt(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    let commands: [StaticString] = [
      "aws ", "awslogs ", "saw ", "cw ", "sam ", "serverless ", "sls ", "docker ", "logcli ",
    ]
    guard
      let sign = line[start...].firstIndex(where: { byte in
        byte == UInt8(ascii: "$") || byte == UInt8(ascii: "%") || byte == UInt8(ascii: ">")
          || byte == UInt8(ascii: "#")
      }), sign - start < 80, line.holds(" ", at: sign + 1)
    else { return false }
    return commands.contains { line.holds($0, at: sign + 2) }
  }
}
