internal import InsightsText

/// Objects of `create-export-task`: `<ISO time>Z <message as stored>` and a line end.
///
/// A message that ends with a line end is followed by a blank line. A line without a time continues
/// the previous event.
struct S3ExportFormat: LogFormat {
  static let descriptor = LogFormatDescriptor(
    name: "s3-export",
    summary: "objects of a CloudWatch export task: ISO time, a space, the message as stored",
    sample: """
      2026-03-04T10:00:00.000Z START RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 Version: 3

      2026-03-04T10:00:00.007Z [ERROR] ValueError: no rows
      Traceback (most recent call last):
        File "/var/task/app.py", line 4, in handler

      """)

  /// The number of bytes of `2026-02-11T09:15:00.412Z` and the space.
  private static let timeLength = 25

  /// Whether the rest of an oversized event is being dropped.
  private var isSkipping = false
  private var times = TimestampSequence()

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    var format = Self()
    var start = 0
    while start < head.count {
      if format.time(in: head, at: start) != nil {
        // A stream or a group in its own column is not part of the message.
        return ToolPrefix.columns(head, start) == nil && !format.isMixed(head, from: start)
      }
      let end = head.firstOffset(of: 0x0A, from: start) ?? head.count
      let line = UnsafeBufferPointer(rebasing: head[start..<end])
      guard line.isEmpty || ToolChatter.recognizes(line) else { return false }
      start = end + 1
    }
    return false
  }

  /// Whether lines without a time are separate events, as in a log of bare messages.
  private mutating func isMixed(_ head: UnsafeBufferPointer<UInt8>, from first: Int) -> Bool {
    var start = first
    while let lineEnd = head.firstOffset(of: 0x0A, from: start) {
      let line = UnsafeBufferPointer(rebasing: head[start..<lineEnd])
      if !line.isEmpty, time(in: head, at: start) == nil, OwnLine.begins(line) { return true }
      start = lineEnd + 1
    }
    return false
  }

  /// Returns the stream in a folder's name, where a task writes `/` as `-`.
  ///
  /// `…/2026-02-11-[$LATEST]9f8e…/000000.gz` belongs to the stream `2026/02/11/[$LATEST]9f8e…`.
  static func logStream(ofPath path: String) -> String? {
    let parts = path.split(separator: "/")
    guard parts.count >= 2 else { return nil }
    var name = Array(parts[parts.count - 2].utf8)
    let isDated = name.withUnsafeBufferPointer { bytes in
      bytes.count > 11 && bytes[10] == UInt8(ascii: "-") && bytes.contains(UInt8(ascii: "["))
        && bytes.prefix(10).enumerated().allSatisfy { offset, byte in
          offset == 4 || offset == 7 ? byte == UInt8(ascii: "-") : byte &- 48 < 10
        }
    }
    guard isDated else { return nil }
    for offset in [4, 7, 10] { name[offset] = UInt8(ascii: "/") }
    return String(decoding: name, as: UTF8.self)
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    let window = window.withoutCutLine(ending, batch: &batch)
    var start = 0
    // The time of the event at `start`, if known.
    var knownTime: Int64?
    while start < window.count {
      if isSkipping {
        // The window may end with a line end before the next event's time.
        guard let next = nextEvent(in: window, from: start) else {
          guard ending == .more else { return window.count }
          return max(start, window.count - Self.timeLength - 1)
        }
        isSkipping = false
        (start, knownTime) = next
        continue
      }
      guard let timestamp = knownTime ?? time(in: window, at: start) else {
        // Only before the first event of the file, as there is no event to continue.
        guard let next = nextEvent(in: window, from: start) else {
          return skip(start, window, ending, into: &batch)
        }
        if window[start..<next.start].contains(where: { $0 > 0x20 }) {
          batch.remark(.repaired, at: start, "text before the first event is left out")
        }
        (start, knownTime) = next
        continue
      }
      let next = nextEvent(in: window, from: start + Self.timeLength)
      if next == nil, ending == .more {
        let limit = batch.limits.eventByteCount
        guard window.count - start > limit else { return start }
        let text = window[
          start + Self.timeLength..<start + min(Self.timeLength + limit, window.count - start)]
        batch.append(
          LogEventBatch.Event(
            timestamp: timestamp, message: batch.append(UnsafeBufferPointer(rebasing: text))))
        batch.remark(
          .lossy, at: start, "an event of more than \(batch.limits.eventWords) is cut to that")
        isSkipping = true
        start = window.count
        continue
      }
      var end = next?.start ?? window.count
      if end > start + Self.timeLength, window[end - 1] == 0x0A { end -= 1 }
      let message = UnsafeBufferPointer(rebasing: window[start + Self.timeLength..<end])
      if !message.isEmpty || next != nil || ending == .end {
        batch.append(
          LogEventBatch.Event(
            timestamp: timestamp, stream: 0, eventID: 0..<0, message: batch.append(message)))
      }
      start = next?.start ?? window.count
      knownTime = next?.time
    }
    return start
  }

  private func skip(
    _ start: Int, _ window: UnsafeBufferPointer<UInt8>, _ ending: WindowEnding,
    into batch: inout LogEventBatch
  ) -> Int {
    if ending == .more, window.count - start <= batch.limits.eventByteCount { return start }
    batch.remark(.lossy, at: start, "text without a time is left out")
    return window.count
  }

  /// Returns the time of the event that begins at `start`.
  private mutating func time(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Int64? {
    guard start <= bytes.count - Self.timeLength, bytes[start + 24] == UInt8(ascii: " ") else {
      return nil
    }
    if let time = times.read(bytes, at: start) { return time }
    guard bytes[start + 10] == UInt8(ascii: "T"), bytes[start + 19] == UInt8(ascii: "."),
      bytes[start + 23] == UInt8(ascii: "Z"),
      let match = Timestamp.parseISO8601(bytes, at: start), match.end == start + 24
    else { return nil }
    return match.milliseconds
  }

  /// Returns the start of the next line that begins with a time, and that time.
  private mutating func nextEvent(
    in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (start: Int, time: Int64)? {
    var index = start
    while let lineEnd = bytes.firstOffset(of: 0x0A, from: index) {
      index = lineEnd + 1
      if let time = time(in: bytes, at: index) { return (index, time) }
    }
    return nil
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Returns the window without its last line if the input was truncated inside it.
  func withoutCutLine(
    _ ending: WindowEnding, batch: inout LogEventBatch
  ) -> UnsafeBufferPointer<UInt8> {
    guard ending == .cut, let last, last != 0x0A else { return self }
    let end = (lastIndex(of: 0x0A) ?? -1) + 1
    batch.remark(.lossy, at: end, "the last line is cut short and left out")
    return UnsafeBufferPointer(rebasing: self[..<end])
  }
}
