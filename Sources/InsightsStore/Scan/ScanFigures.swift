/// What scans of events read, and what they left out.
public struct ScanFigures: Equatable, Sendable {
  /// What became of a segment in a scan.
  public enum Outcome: String, CaseIterable, Sendable {
    /// Some of its columns were read.
    case read
    /// None of its events is in the range of time.
    case time
    /// None of its log streams is asked for.
    case streams
    /// Its fields and the bounds of its numbers say that a condition is true of none.
    case bounds
    /// A field index says that no event has a value that is asked for.
    case index
    /// Its directory tells all that was asked of it: how many events, or how many by time.
    case summary
    /// Its filters say that no message has a text that is looked for.
    case text
    /// Its events all come after the first rows that were found already.
    case order
    /// It was not asked for any more: there were rows enough.
    case notReached

    /// Those of segments that were not read.
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

  /// A segment that there was to scan.
  public struct Segment: Equatable, Sendable {
    public var eventCount: Int
    /// Bytes of its messages.
    public var textByteCount: Int
    /// Epoch milliseconds; `nil` when no event has a time.
    public var timestamps: ClosedRange<Int64>?
    public var outcome: Outcome
  }

  /// How many segments met with each outcome.
  private var counts: [Outcome: Int] = [:]
  /// Segments there were to scan, and the events in them.
  public private(set) var segments = 0
  public private(set) var events = 0
  /// Events in the segments of which columns were read.
  public private(set) var eventsRead = 0
  /// Bytes of the messages in the other segments.
  public private(set) var textBytesSkipped = 0
  /// Events in the segments that a field index let the scan skip, and the bytes of their messages.
  public private(set) var eventsSkippedByIndex = 0
  public private(set) var textBytesSkippedByIndex = 0
  /// Bytes of the columns that were read, decompressed.
  public private(set) var bytesRead = 0
  /// The fields whose indexes were asked.
  public private(set) var indexedFields: Set<String> = []
  /// The texts that were looked for in the filters of messages.
  public private(set) var searchedTexts: Set<String> = []
  /// The segments of the last scan, in the order of positions.
  public private(set) var lastSegments: [Segment] = []

  public init() {}

  /// Figures of a scan elsewhere, which tells of no segments.
  public init(eventsRead: Int, bytesRead: Int) {
    events = eventsRead
    self.eventsRead = eventsRead
    self.bytesRead = bytesRead
  }

  init(
    segments: [Segment], bytesRead: Int, indexedFields: [String], searchedTexts: [String]
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
  }

  /// How many segments met with an outcome.
  public func count(_ outcome: Outcome) -> Int { counts[outcome] ?? 0 }

  /// Adds the figures of another scan, the later one.
  public static func += (left: inout ScanFigures, right: ScanFigures) {
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

  /// A line for people.
  public var summary: String {
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
