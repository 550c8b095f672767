internal import InsightsText

/// Output of `sam local invoke` and of the runtime emulator: the log without times, mixed with
/// output of the tool and the result of the invocation, which are not log events.
struct SamLocalFormat: StampedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "sam-local",
    summary: "`sam local invoke` and the runtime emulator: log lines among the tool's own words",
    sample: """
      Invoking app.handler (python3.12)
      Mounting /home/me/orders as /var/task:ro,delegated, inside runtime container

      START RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 Version: $LATEST
      cache warm
      END RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10
      REPORT RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10\tInit Duration: 0.09 ms\tDuration: 4.77 ms
      {"statusCode": 200}

      """)

  private static let beginnings: [StaticString] = [
    "Invoking ", "Mounting ", "Local image ", "Using local image", "Building image", "Skip pulling",
    "Removing rapid images", "Fetching ", "Reading invoke payload", "Image was not found",
    "Container created from", "SAM_CONTAINER_ID", "Lambda functions containers",
    "Requested to skip pulling", "Decompressing ", "Found credentials",
  ]

  var state = StampedLineState()
  private var lines = PlainTextFormat()
  /// Whether a request has been reported and no other has begun: its result follows.
  private var isAfterReport = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    if let start = head.firstOffset(of: "Mounting "),
      let lineEnd = head.firstOffset(of: 0x0A, from: start)
    {
      let line = UnsafeBufferPointer(rebasing: head[start..<lineEnd])
      return line.firstOffset(of: " as /var/task") != nil
    }
    guard let rapid = head.firstOffset(of: "] (rapid) ") else { return false }
    var start = rapid
    while start > 0, head[start - 1] != 0x0A { start -= 1 }
    return Timestamp.parseAny(head, at: start) != nil
  }

  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    lines.stamp(in: text, at: start)
  }

  mutating func startsEvent(
    _ line: UnsafeBufferPointer<UInt8>, _ stamp: LinePrefix, after grouping: LineGrouping,
    previous: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    lines.startsEvent(line, stamp, after: grouping, previous: previous)
  }

  mutating func append(
    _ stamp: LinePrefix, lines ranges: [Range<Int>], of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    lines.append(stamp, lines: ranges, of: window, to: &batch)
  }

  mutating func isChatter(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    switch LambdaLine(line)?.kind {
    case .start?: isAfterReport = false
    case .report?: isAfterReport = true
    default:
      if isAfterReport { return true }
      return Self.beginnings.contains { line.holds($0, at: 0) } || ToolChatter.recognizes(line)
    }
    return false
  }
}
