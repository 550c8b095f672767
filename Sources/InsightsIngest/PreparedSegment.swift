internal import InsightsSegments
internal import InsightsStore
internal import InsightsThreads

/// The encoded events of a segment.
struct PreparedSegment: Sendable {
  var events: SegmentEvents
  var segment: EncodedSegment
  var facts: SegmentFacts

  /// Returns a pipeline that encodes segments on all processors.
  static func pipeline() -> OrderedPipeline<SegmentEvents, PreparedSegment> {
    OrderedPipeline {
      let classifier = EventClassifier(collectsLines: true)
      let encoder = SegmentEncoder(classify: classifier.read)
      return { events in
        let segment = encoder.encode(events)
        return PreparedSegment(
          events: events, segment: segment,
          facts: SegmentFacts(segment.facts, of: events, lines: classifier.takeLines()))
      }
    }
  }
}
