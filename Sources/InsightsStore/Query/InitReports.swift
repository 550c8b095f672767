internal import InsightsText

/// Counts what init and restore reports say, which are lines of their own, as text or as JSON.
struct InitReports {
  private(set) var failureCount = 0
  private(set) var suppressedCount = 0

  private static let lineStarts: [StaticString] = ["INIT_REPORT ", "RESTORE_REPORT "]
  private static let platformTypes: [StaticString] = [
    "\"platform.initReport\"", "\"platform.restoreReport\"",
  ]
  private static let failures: [StaticString] = [
    "Status: error", "Status: timeout", "\"status\":\"error\"", "\"status\":\"failure\"",
    "\"status\":\"timeout\"",
  ]
  private static let invokePhases: [StaticString] = ["Phase: invoke", "\"phase\":\"invoke\""]

  init(connection: Connection) throws(StoreError) {
    let blocks = try SegmentBlocks(connection: connection)
    for directory in try SegmentTable(connection: connection).directories()
    where directory.hasFacts {
      try add(SegmentReader(directory: directory, blocks: blocks))
    }
  }

  private mutating func add(_ reader: SegmentReader) throws(StoreError) {
    for group in TextGroup.allCases where reader.directory.groupCounts[Int(group.rawValue)] > 0 {
      if let filter = try reader.filter(of: group), !Self.mayHaveReports(filter) { continue }
      let facts = Set(try reader.facts())
      let text = try reader.text(of: group)
      text.bytes.withUnsafeBufferPointer { bytes in
        for (number, event) in text.events.enumerated() where facts.contains(event) {
          let range = Int(text.offsets[number])..<Int(text.offsets[number + 1])
          add(UnsafeBufferPointer(rebasing: bytes[range]))
        }
      }
    }
  }

  private static func mayHaveReports(_ filter: TokenFilter) -> Bool {
    (lineStarts + platformTypes).contains { text in
      filter.mayContain(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
  }

  private mutating func add(_ message: UnsafeBufferPointer<UInt8>) {
    func contains(_ texts: [StaticString]) -> Bool {
      texts.contains { message.firstOffset(of: $0) != nil }
    }
    guard
      Self.lineStarts.contains(where: { message.holds($0, at: 0) })
        || message.first == UInt8(ascii: "{") && contains(Self.platformTypes)
    else { return }
    if contains(Self.failures) { failureCount += 1 }
    if contains(Self.invokePhases) { suppressedCount += 1 }
  }
}
