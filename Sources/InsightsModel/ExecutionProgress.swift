internal import Synchronization

/// The progress of an execution: counters that its threads increment and any thread can read.
///
/// They count whole segments, parts of which may be outside the time range, and count a segment
/// again if it is read again. So they show that work continues, and about how much.
public final class ExecutionProgress: Sendable {
  private let matched = Atomic<Int>(0)
  private let scanned = Atomic<Int>(0)
  private let scannedText = Atomic<Int>(0)
  private let skipped = Atomic<Int>(0)
  private let skippedText = Atomic<Int>(0)
  private let given = Atomic<Int>(0)

  /// Makes counters of 0.
  public init() {}

  /// The number of events that met the conditions of scans.
  public var matchedEvents: Int { matched.load(ordering: .relaxed) }
  /// The number of events that scans have processed.
  public var scannedEvents: Int { scanned.load(ordering: .relaxed) }
  /// The size in bytes of those events' messages.
  public var scannedBytes: Int { scannedText.load(ordering: .relaxed) }
  /// The number of events that scans skipped by field indexes.
  public var skippedEvents: Int { skipped.load(ordering: .relaxed) }
  /// The size in bytes of those events' messages.
  public var skippedBytes: Int { skippedText.load(ordering: .relaxed) }
  /// The number of result rows returned.
  public var rows: Int { given.load(ordering: .relaxed) }

  /// Adds events that a scan has processed; `count` of them matched.
  public func addScanned(events: Int, bytes: Int, matched count: Int) {
    scanned.wrappingAdd(events, ordering: .relaxed)
    scannedText.wrappingAdd(bytes, ordering: .relaxed)
    matched.wrappingAdd(count, ordering: .relaxed)
  }

  /// Adds events that a scan skipped by a field index.
  public func addSkipped(events: Int, bytes: Int) {
    skipped.wrappingAdd(events, ordering: .relaxed)
    skippedText.wrappingAdd(bytes, ordering: .relaxed)
  }

  /// Adds result rows that were returned.
  public func addRows(_ count: Int) { given.wrappingAdd(count, ordering: .relaxed) }
}
