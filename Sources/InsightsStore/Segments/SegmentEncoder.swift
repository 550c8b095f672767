public import InsightsText

/// Makes segments of events.
///
/// Not thread-safe: each thread has its own.
public final class SegmentEncoder {
  /// Reads the columns of an event out of its message.
  ///
  /// A JSON object whose offset it gives was the last that it read through the leaf reader.
  public typealias Classify = (
    _ message: UnsafeBufferPointer<UInt8>, _ isLambda: Bool, _ leaves: JSONLeafReader
  ) -> EventColumns

  private let compressor = BlockCompressor()
  private let leafReader = JSONLeafReader()
  private let classify: Classify
  private var grouping = TextGrouping()

  public init(classify: @escaping Classify) {
    self.classify = classify
  }

  /// The segment of these events, at least one and at most `SegmentDirectory.eventLimit`.
  public func encode(_ events: SegmentEvents) -> EncodedSegment {
    var columns = SegmentColumns(eventCount: events.events.count)
    events.bytes.withUnsafeBufferPointer { bytes in
      for event in events.events {
        let message = UnsafeBufferPointer(rebasing: bytes[event.message])
        var values = classify(message, event.isLambda, leafReader)
        if event.isFact { values.isFact = true }
        columns.append(
          event, values,
          group: grouping.group(of: message, values, leafReader), message: message,
          eventID: event.eventID.map { UnsafeBufferPointer(rebasing: bytes[$0]) })
        if values.jsonOffset != nil { columns.append(leafReader.leaves, of: message) }
      }
    }
    return columns.finish(compressor: compressor, leafReader: leafReader)
  }
}
