public import InsightsText

/// Encodes events as segments.
///
/// Not thread-safe: each thread has its own.
public final class SegmentEncoder {
  /// Reads the columns of an event's message into `columns`, which must be cleared first.
  ///
  /// If it sets the offset of a JSON object, it must have read that object last with the leaf
  /// reader. It always does so for a message that consists of a JSON object and white space.
  public typealias Classify = (
    _ message: UnsafeBufferPointer<UInt8>, _ isLambda: Bool, _ leaves: JSONLeafReader,
    _ columns: inout EventColumns
  ) -> Void

  private let compressor = BlockCompressor()
  private let leafReader = JSONLeafReader()
  private let classify: Classify
  private let messages = MessageEncoder()
  private var columns = SegmentColumns()

  public init(classify: @escaping Classify) {
    self.classify = classify
  }

  /// Returns the segment of these events, at least one and at most `SegmentDirectory.eventLimit`.
  public func encode(_ events: SegmentEvents) -> EncodedSegment {
    let messages = self.messages.encode(events, compressor: compressor)
    var objects = messages.templates.map { TemplateObjects($0) }
    // Moved out of the property, so that access is checked once rather than for each event.
    var columns = SegmentColumns()
    swap(&columns, &self.columns)
    var values = EventColumns()
    var initReports = InitReports()
    events.bytes.withUnsafeBufferPointer { bytes in
      events.events.withUnsafeBufferPointer { events in
        for index in events.indices {
          let message = UnsafeBufferPointer(rebasing: bytes[events[index].message])
          values.clear()
          var layout = objects?.next(message, leafReader)
          classify(message, events[index].isLambda, leafReader, &values)
          if events[index].isFact { values.isFact = true }
          if values.isFact, values.type == nil { initReports.add(message) }
          if let layout {
            values.jsonOffset = layout.object
          } else {
            layout = objects?.learn(message, object: values.jsonOffset, leafReader)
          }
          columns.append(message, values, leafReader, layout)
        }
      }
    }
    leafReader.expectNothing()
    var segment = columns.finish(
      events, messages, objects, compressor: compressor, leafReader: leafReader)
    segment.initReports = initReports
    segment.namesBehindLimit = leafReader.takeNamesBehindLimit().map(leafReader.name)
    swap(&columns, &self.columns)
    return segment
  }
}
