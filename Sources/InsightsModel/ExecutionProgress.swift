internal import Synchronization

/// How far an execution is: counters that its threads add to and any thread reads.
///
/// They count whole segments, of which parts may lie outside the range of time, and a segment again
/// where a query reads it again: they say that work goes on, and about how much there was.
public final class ExecutionProgress: Sendable {
  private let matched = Atomic<Int>(0)
  private let scanned = Atomic<Int>(0)
  private let scannedText = Atomic<Int>(0)
  private let skipped = Atomic<Int>(0)
  private let skippedText = Atomic<Int>(0)
  private let given = Atomic<Int>(0)

  public init() {}

  /// Events that the conditions of scans were true of.
  public var matchedEvents: Int { matched.load(ordering: .relaxed) }
  /// Events that scans are done with.
  public var scannedEvents: Int { scanned.load(ordering: .relaxed) }
  /// Bytes of the messages of those events.
  public var scannedBytes: Int { scannedText.load(ordering: .relaxed) }
  /// Events that field indexes let scans skip.
  public var skippedEvents: Int { skipped.load(ordering: .relaxed) }
  /// Bytes of the messages of those events.
  public var skippedBytes: Int { skippedText.load(ordering: .relaxed) }
  /// Rows of results that were given.
  public var rows: Int { given.load(ordering: .relaxed) }

  /// Adds events that a scan is done with, of which some matched.
  public func addScanned(events: Int, bytes: Int, matched count: Int) {
    scanned.wrappingAdd(events, ordering: .relaxed)
    scannedText.wrappingAdd(bytes, ordering: .relaxed)
    matched.wrappingAdd(count, ordering: .relaxed)
  }

  /// Adds events that a field index let a scan skip.
  public func addSkipped(events: Int, bytes: Int) {
    skipped.wrappingAdd(events, ordering: .relaxed)
    skippedText.wrappingAdd(bytes, ordering: .relaxed)
  }

  /// Adds rows of the result that were given.
  public func addRows(_ count: Int) { given.wrappingAdd(count, ordering: .relaxed) }
}
