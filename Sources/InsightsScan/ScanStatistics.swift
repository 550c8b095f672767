/// The numbers of segments, events and bytes that scans of events have read and skipped.
public struct ScanStatistics: Equatable, Sendable {
  /// The outcome of a segment in a scan.
  public enum Outcome: String, CaseIterable, Sendable {
    /// Some of its columns were read.
    case read
    /// None of its events is in the time range.
    case time
    /// None of its log streams matches.
    case streams
    /// Its fields and the bounds of its numbers exclude a condition.
    case bounds
    /// A field index excludes the requested values.
    case index
    /// Its directory sufficed: the number of events, or their counts by time.
    case summary
    /// Its filters exclude a searched text.
    case text
    /// All its events come after the first rows found so far.
    case order
    /// It was not needed any more, as there were enough rows.
    case notReached

    /// All outcomes of segments that were not read.
    public static let skipping = allCases.filter { $0 != .read }

    /// In words: `read`, `by time`, `not reached`.
    public var words: String {
      switch self {
      case .read: "read"
      case .notReached: "not reached"
      default: "by \(rawValue)"
      }
    }
  }

  /// A segment of a scan.
  public struct Segment: Equatable, Sendable {
    /// The number of its events.
    public var eventCount: Int
    /// The size of its messages in bytes.
    public var textByteCount: Int
    /// Epoch milliseconds; `nil` if no event has a time.
    public var timestamps: ClosedRange<Int64>?
    /// The outcome.
    public var outcome: Outcome
  }

  /// The number of segments by outcome.
  private var counts: [Outcome: Int] = [:]
  /// The number of segments.
  public private(set) var segments = 0
  /// The number of events in all segments.
  public private(set) var events = 0
  /// The number of events in the segments of which columns were read.
  public private(set) var eventsRead = 0
  /// The size in bytes of the messages in the other segments.
  public private(set) var textBytesSkipped = 0
  /// The number of events in the segments that were skipped by a field index.
  public private(set) var eventsSkippedByIndex = 0
  /// The size in bytes of the messages in those segments.
  public private(set) var textBytesSkippedByIndex = 0
  /// The size in bytes of the columns that were read, decompressed.
  public private(set) var bytesRead = 0
  /// The fields whose indexes were used.
  public private(set) var indexedFields: Set<String> = []
  /// The texts that the filters of messages were tested for.
  public private(set) var searchedTexts: Set<String> = []
  /// The segments of the last scan, in the order of positions.
  public private(set) var lastSegments: [Segment] = []
  /// The number of rows that met all conditions of the query before they were grouped; `nil` if
  /// that is unknown, as not all of them were read, or there were several scans.
  public private(set) var matchedRows: Int64?

  /// Statistics of no scan.
  public init() {}

  /// The statistics of a remote scan, which has no segments; `matchedRows` is `nil` if unknown.
  public init(eventsRead: Int, bytesRead: Int, matchedRows: Int?) {
    events = eventsRead
    self.eventsRead = eventsRead
    self.bytesRead = bytesRead
    self.matchedRows = matchedRows.map(Int64.init)
  }

  init(
    segments: [Segment], bytesRead: Int, indexedFields: [String], searchedTexts: [String],
    matchedRows: Int?
  ) {
    for segment in segments {
      counts[segment.outcome, default: 0] += 1
      events += segment.eventCount
      if segment.outcome == .read {
        eventsRead += segment.eventCount
      } else {
        textBytesSkipped += segment.textByteCount
      }
      if segment.outcome == .index {
        eventsSkippedByIndex += segment.eventCount
        textBytesSkippedByIndex += segment.textByteCount
      }
    }
    self.segments = segments.count
    self.bytesRead = bytesRead
    self.indexedFields = Set(indexedFields)
    self.searchedTexts = Set(searchedTexts)
    lastSegments = segments
    self.matchedRows = matchedRows.map(Int64.init)
  }

  /// Returns the number of segments with an outcome.
  public func count(_ outcome: Outcome) -> Int { counts[outcome] ?? 0 }

  /// Adds the statistics of another, later scan.
  public static func += (left: inout ScanStatistics, right: ScanStatistics) {
    left.matchedRows = left == ScanStatistics() ? right.matchedRows : nil
    left.counts.merge(right.counts, uniquingKeysWith: +)
    left.segments += right.segments
    left.events += right.events
    left.eventsRead += right.eventsRead
    left.textBytesSkipped += right.textBytesSkipped
    left.eventsSkippedByIndex += right.eventsSkippedByIndex
    left.textBytesSkippedByIndex += right.textBytesSkippedByIndex
    left.bytesRead += right.bytesRead
    left.indexedFields.formUnion(right.indexedFields)
    left.searchedTexts.formUnion(right.searchedTexts)
    left.lastSegments = right.lastSegments
  }

  /// A readable line.
  public var summary: String {
    // Only scans of local stores have segments.
    if segments == 0, events > 0 { return "read \(eventsRead) events, \(bytesRead) bytes" }
    let skipped = Outcome.skipping.map { (count($0), $0.words) }.filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)" }
    return "read \(count(.read)) of \(segments) segments"
      + (skipped.isEmpty ? "" : " (skipped: \(skipped.joined(separator: ", ")))")
      + ", \(eventsRead) of \(events) events, \(bytesRead) bytes"
      + (eventsRead == events
        ? ""
        : "; skipped \(events - eventsRead) events, \(textBytesSkipped) bytes of messages")
  }
}
