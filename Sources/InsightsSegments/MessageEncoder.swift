/// Encodes the messages of a segment: as templates and variables, or as plain text if they have too
/// little in common.
///
/// Not thread-safe: each thread has its own.
final class MessageEncoder {
  /// The blocks of a segment's messages.
  struct Messages {
    var blocks: [EncodedSegment.Block]
    /// The UUIDs that the messages refer to, in the order of their first occurrence.
    var uuids: [UUID]
    /// The templates and variables of the messages, valid until the next messages are encoded;
    /// `nil` for plain text.
    var templates: TemplateEncoder?
    /// The filter of all UUIDs in the messages.
    var uuidFilter: UUIDFilter?
  }

  private let templates = TemplateEncoder()

  /// The number of messages after which the sizes of both encodings are first compared.
  private static let sampleCount = 512
  /// The minimum number of messages for a comparison.
  private static let leastCount = 64

  func encode(_ source: SegmentEvents, compressor: BlockCompressor) -> Messages {
    source.bytes.withUnsafeBufferPointer { bytes in
      source.events.withUnsafeBufferPointer { events in
        encode(bytes, events, compressor)
      }
    }
  }

  private func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, _ events: UnsafeBufferPointer<SegmentEvents.Event>,
    _ compressor: BlockCompressor
  ) -> Messages {
    templates.removeAll()
    let sampleCount = min(events.count, Self.sampleCount)
    var encoded = append(events[..<sampleCount], of: bytes, compressor)
    if sampleCount < events.count {
      if let encoded, isPlainSmaller(encoded, events[..<sampleCount], of: bytes, compressor) {
        return plain(events, of: bytes, compressor)
      }
      encoded = append(events[...], of: bytes, compressor)
    }
    // With few templates, no comparison is needed.
    guard let encoded else { return finish(compressor) }
    return isPlainSmaller(encoded, events[...], of: bytes, compressor)
      ? plain(events, of: bytes, compressor) : encoded
  }

  /// Adds messages; encodes them if there are so many templates that plain text may be smaller,
  /// otherwise returns `nil`.
  private func append(
    _ events: Slice<UnsafeBufferPointer<SegmentEvents.Event>>, of bytes: UnsafeBufferPointer<UInt8>,
    _ compressor: BlockCompressor
  ) -> Messages? {
    for event in events[(events.startIndex + templates.eventCount)...] {
      templates.append(
        UnsafeBufferPointer(rebasing: bytes[event.message]), timestamp: event.timestamp)
    }
    guard events.count >= Self.leastCount, templates.templateCount * 2 > events.count else {
      return nil
    }
    return finish(compressor)
  }

  private func finish(_ compressor: BlockCompressor) -> Messages {
    let uuids = templates.uuids
    let filter = templates.uuidFilter(of: uuids)
    return Messages(
      blocks: templates.encoded().map { part, bytes in
        EncodedSegment.Block(column: .messages(part), bytes: compressor.compress(bytes))
      }, uuids: uuids, templates: templates, uuidFilter: filter)
  }

  // MARK: Plain text

  private func isPlainSmaller(
    _ encoded: Messages, _ events: Slice<UnsafeBufferPointer<SegmentEvents.Event>>,
    of bytes: UnsafeBufferPointer<UInt8>, _ compressor: BlockCompressor
  ) -> Bool {
    let size = encoded.blocks.reduce(0) { $0 + $1.bytes.count }
    return compressor.compress(Self.text(of: events, bytes)).count <= size
  }

  private static func text(
    of events: Slice<UnsafeBufferPointer<SegmentEvents.Event>>, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(events.reduce(0) { $0 + $1.message.count })
    for event in events {
      text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[event.message]))
    }
    return text
  }

  private func plain(
    _ events: UnsafeBufferPointer<SegmentEvents.Event>, of bytes: UnsafeBufferPointer<UInt8>,
    _ compressor: BlockCompressor
  ) -> Messages {
    var filter = TokenFilterBuilder()
    var uuids = UUIDFilterBuilder()
    for event in events {
      let message = UnsafeBufferPointer(rebasing: bytes[event.message])
      filter.add(message)
      uuids.add(message)
    }
    var lengths = BlockOutput()
    IntegerCodec.append(
      events.map { Int64($0.message.count) }, asSteps: false, to: &lengths)
    let blocks: [(SegmentColumn, [UInt8])] = [
      (.lengths, lengths.bytes), (.text, Self.text(of: events[...], bytes)),
      (.filter, filter.encoded()),
    ]
    return Messages(
      blocks: blocks.map {
        EncodedSegment.Block(column: $0, bytes: compressor.compress($1))
      }, uuids: [], uuidFilter: uuids.finish())
  }
}
