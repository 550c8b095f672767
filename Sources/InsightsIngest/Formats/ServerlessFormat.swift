internal import InsightsText

/// Output of `serverless logs`, which rewrites the lines: `START - <id> - Version: …`, `REPORT -
/// <id>`, `time - <id> - [LEVEL]`; older versions change only the times.
///
/// The lines are converted back to Lambda's form, so that they are recognised like others. Only
/// lines of the application have a time.
struct ServerlessFormat: StampedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "serverless",
    summary: "`serverless logs`; its rewritten lines are put back, its local times read as UTC",
    sample: """
      START - 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 - Version: 3
      2026-03-04 10:00:00.004 - 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 - [INFO]\t
      cache warm
      END - 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10
      REPORT - 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10
      Duration: 4.77 ms\tBilled Duration: 5 ms\tMemory Size: 128 MB\tMax Memory Used: 60 MB

      """)

  var state = StampedLineState()

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    for _ in 0..<20 {
      let end = head.firstOffset(of: 0x0A, from: index) ?? head.count
      let line = ANSISequence.stripped(UnsafeBufferPointer(rebasing: head[index..<end]))
      if line.withUnsafeBufferPointer({ ServerlessLine($0) != nil }) { return true }
      guard end < head.count else { return false }
      index = end + 1
    }
    return false
  }

  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    LinePrefix(textStart: start)
  }

  func startsEvent(
    _ line: UnsafeBufferPointer<UInt8>, _ stamp: LinePrefix, after grouping: LineGrouping,
    previous: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let plain = ANSISequence.stripped(line)
    if plain.withUnsafeBufferPointer({ ServerlessLine($0) != nil }) { return true }
    let before = ANSISequence.stripped(previous)
    let isContinuation = before.withUnsafeBufferPointer { before in
      guard let kind = ServerlessLine(before)?.kind else { return false }
      return kind == .report || (kind == .application && before.last == 0x09)
    }
    return !isContinuation && plain.withUnsafeBufferPointer(grouping.startsEvent)
  }

  func append(
    _ stamp: LinePrefix, lines: [Range<Int>], of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    var text: [UInt8] = []
    for line in lines {
      if !text.isEmpty { text.append(0x0A) }
      text += ANSISequence.stripped(UnsafeBufferPointer(rebasing: window[line]))
    }
    var event = LogEventBatch.Event(message: 0..<0)
    let restored = text.withUnsafeBufferPointer { text -> [UInt8]? in
      guard let line = ServerlessLine(text) else { return nil }
      event.timestamp = line.timestamp
      if line.kind == .application, line.timestamp != nil, !line.hasZone {
        batch.remark(
          .repaired, at: lines[0].lowerBound, "the times name no zone and are read as UTC")
      }
      return line.restored(text)
    }
    if event.timestamp == nil {
      event.timestamp = text.withUnsafeBufferPointer { LineTime.own(of: $0, at: 0) }
    }
    event.message = batch.append(text: restored ?? text)
    batch.append(event)
  }
}

/// A line as `serverless logs` rewrites it.
private struct ServerlessLine {
  enum Kind { case initStart, start, end, report, application }

  var kind: Kind
  var timestamp: Int64?
  var hasZone = false
  private var time: Range<Int>?
  private var id: Range<Int> = 0..<0
  private var restStart: Int

  init?(_ line: UnsafeBufferPointer<UInt8>) {
    let heads: [(StaticString, Kind)] = [
      ("START - ", .start), ("END - ", .end), ("REPORT - ", .report),
    ]
    for (head, kind) in heads where line.holds(head, at: 0) {
      guard let id = LambdaLine.uuid(in: line, at: head.utf8CodeUnitCount) else { return nil }
      self.kind = kind
      self.id = id
      restStart = id.upperBound
      return
    }
    let initStart: StaticString = "INIT_START Runtime - Version: "
    if line.holds(initStart, at: 0) {
      kind = .initStart
      restStart = initStart.utf8CodeUnitCount
      return
    }
    guard let match = Timestamp.parseISO8601(line), match.end < line.count else { return nil }
    kind = .application
    timestamp = match.milliseconds
    // `2026-03-04 11:00:00.000 (+01:00)`; Lambda's own form has no zone.
    hasZone = line[match.end - 1] == UInt8(ascii: ")")
    time = 0..<(hasZone ? line.firstOffset(of: " (") ?? match.end : match.end)
    var index = match.end
    if !hasZone, line.holds(" - ", at: index) {
      index += 3
    } else if hasZone, line.holds("\t", at: index) {
      index += 1
    } else {
      return nil
    }
    guard let id = LambdaLine.uuid(in: line, at: index) else { return nil }
    self.id = id
    restStart = id.upperBound
    if line.holds(" - ", at: restStart) {
      restStart += 3
    } else if line.holds("\t", at: restStart) {
      restStart += 1
    } else {
      return nil
    }
  }

  /// Returns the event in Lambda's form.
  func restored(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    switch kind {
    case .initStart: output += "INIT_START Runtime Version: ".utf8
    case .start:
      output += "START RequestId: ".utf8
      output += text[id]
      // ` - Version: 3` becomes ` Version: 3`.
      output += text[(restStart + (text.holds(" - ", at: restStart) ? 2 : 0))...]
      return output
    case .end:
      output += "END RequestId: ".utf8
      output += text[id]
    case .report:
      output += "REPORT RequestId: ".utf8
      output += text[id]
      output.append(0x09)
      var start = restStart
      while start < text.count, text[start] <= 0x20 { start += 1 }
      output += text[start...]
      return output
    case .application:
      if let time { output += text[time] }
      output.append(0x09)
      output += text[id]
      output.append(0x09)
      if let joint = text.firstOffset(of: "\t\n", from: restStart),
        text.firstOffset(of: 0x0A, from: restStart) == joint + 1
      {
        output += text[restStart...joint]
        output += text[(joint + 2)...]
        return output
      }
    }
    output += text[restStart...]
    return output
  }
}
