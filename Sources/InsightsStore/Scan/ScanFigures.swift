/// What scans of events read, and what they left out.
public struct ScanFigures: Equatable, Sendable {
  /// Segments there are to scan, and the events in them.
  public var segments = 0
  public var events = 0
  /// Segments of which columns were read, and the events in them.
  public var segmentsRead = 0
  public var eventsRead = 0
  /// Bytes of the columns that were read, decompressed.
  public var bytesRead = 0
  /// Segments without an event in the range of time.
  public var segmentsSkippedByTime = 0
  /// Segments whose fields and bounds of numbers say that a condition is true of none.
  public var segmentsSkippedByBounds = 0
  /// Segments whose filters say that no message has a text that is looked for.
  public var segmentsSkippedByText = 0
  /// Segments whose events all come after the first rows that were found already.
  public var segmentsSkippedByOrder = 0

  /// Segments whose directories tell all that was asked of them.
  public var segmentsSummarized = 0

  public init() {}

  /// Segments that were not asked for any more: there were rows enough.
  public var segmentsNotReached: Int {
    segments - segmentsRead - segmentsSkippedByTime - segmentsSkippedByBounds
      - segmentsSkippedByText - segmentsSkippedByOrder - segmentsSummarized
  }

  /// Adds the figures of another scan, or of another part of this one.
  public static func += (left: inout ScanFigures, right: ScanFigures) {
    left.segments += right.segments
    left.events += right.events
    left.segmentsRead += right.segmentsRead
    left.eventsRead += right.eventsRead
    left.bytesRead += right.bytesRead
    left.segmentsSkippedByTime += right.segmentsSkippedByTime
    left.segmentsSkippedByBounds += right.segmentsSkippedByBounds
    left.segmentsSkippedByText += right.segmentsSkippedByText
    left.segmentsSkippedByOrder += right.segmentsSkippedByOrder
    left.segmentsSummarized += right.segmentsSummarized
  }
}
