/// The messages of one group of a segment as they are stored, without what was left out of them.
struct StrippedText {
  /// With the offsets of what is left.
  let text: SegmentText
  private let shapes: EventShapes
  /// By shape.
  private let gaps: [Gaps]

  /// Where parts were left out of a message: places in what is left of it, ascending.
  private struct Gaps {
    var first = Int64.max
    var second = Int64.max
    var byteCount: Int64 = 0

    /// Fails where the shape cannot be one.
    init?(_ shape: EventShape) {
      let parts = [
        (shape.requestPlace, Int64(UUID.textLength)), (shape.timePlace, Int64(TimeText.length)),
      ].filter { $0.0 != SegmentReader.missing }.sorted { $0.0 < $1.0 }
      for (place, length) in parts {
        guard place >= byteCount else { return nil }
        if byteCount == 0 { first = place } else { second = place - byteCount }
        byteCount += length
      }
    }
  }

  /// Fails where the columns do not fit together.
  init?(_ bytes: [UInt8], of group: TextGroup, shapes: EventShapes, lengths: [Int64]) {
    var gaps: [Gaps] = []
    for shape in shapes.shapes {
      guard let gap = Gaps(shape) else { return nil }
      gaps.append(gap)
    }
    let leftOut = zip(shapes.shapes, gaps).map { shape, gaps in
      shape.group == group.rawValue ? gaps.byteCount : -1
    }
    guard let text = StrippedText.text(bytes, leftOut: leftOut, shapes.indexes, lengths) else {
      return nil
    }
    self.text = text
    self.shapes = shapes
    self.gaps = gaps
  }

  /// Where the messages of the shapes are of which something or nothing was left out: -1 for shapes
  /// of another group.
  private static func text(
    _ bytes: [UInt8], leftOut: [Int64], _ shapes: [UInt16], _ lengths: [Int64]
  ) -> SegmentText? {
    guard shapes.count == lengths.count, bytes.count <= Int(Int32.max) else { return nil }
    let total = Int64(bytes.count)
    var end: Int64 = 0
    var isWhole = true
    var events: [UInt16] = []
    let offsets = [UInt32](unsafeUninitializedCapacity: shapes.count + 1) { offsets, count in
      offsets.initializeElement(at: 0, to: 0)
      count = 1
      events = [UInt16](unsafeUninitializedCapacity: shapes.count) { events, eventCount in
        for event in 0..<shapes.count {
          let missing = leftOut[Int(shapes[event])]
          if missing < 0 { continue }
          let length = lengths[event]
          guard length >= missing, length - missing <= total - end else {
            isWhole = false
            break
          }
          end += length - missing
          events.initializeElement(at: eventCount, to: UInt16(truncatingIfNeeded: event))
          eventCount += 1
          offsets.initializeElement(at: count, to: UInt32(truncatingIfNeeded: end))
          count += 1
        }
      }
    }
    guard isWhole, end == total else { return nil }
    return SegmentText(bytes: bytes, events: events, offsets: offsets)
  }

  /// Whether something was left out in the midst of bytes of a message.
  func isBroken(_ range: Range<Int>, inMessage number: Int) -> Bool {
    let gaps = gaps[Int(shapes.indexes[Int(text.events[number])])]
    let start = Int64(range.lowerBound - Int(text.offsets[number]))
    let end = start + Int64(range.count)
    return start < gaps.first && gaps.first < end || start < gaps.second && gaps.second < end
  }
}
