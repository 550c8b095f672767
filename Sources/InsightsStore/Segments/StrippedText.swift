internal import InsightsText

/// The messages of one group of a segment as they are stored, without what was left out of them.
struct StrippedText {
  /// With the offsets of what is left.
  let text: SegmentText
  private let shapes: EventShapes
  /// By shape; empty for shapes of other groups.
  private let gaps: [[Gap]]

  /// Where a part was left out of a message: a place in what is left of it.
  private struct Gap {
    var part: StrippedPart
    var place: Int

    /// Those of a shape, ascending; `nil` where it cannot be one.
    static func all(of shape: EventShape) -> [Gap]? {
      var leftOutCount: Int64 = 0
      var gaps: [Gap] = []
      let parts: [(StrippedPart, Int64)] = [
        (.requestID, shape.requestPlace), (.time, shape.timePlace),
      ]
      for (part, place) in parts.sorted(by: { $0.1 < $1.1 }) where place != SegmentReader.missing {
        guard place >= leftOutCount, place <= Int64(Int32.max) else { return nil }
        gaps.append(Gap(part: part, place: Int(place - leftOutCount)))
        leftOutCount += Int64(part.byteCount)
      }
      return gaps
    }
  }

  /// Fails where the columns do not fit together.
  init?(_ bytes: [UInt8], of group: TextGroup, shapes: EventShapes, lengths: [Int64]) {
    var gaps: [[Gap]] = []
    var leftOut: [Int64] = []
    for shape in shapes.shapes {
      guard shape.group == group.rawValue else {
        gaps.append([])
        leftOut.append(-1)
        continue
      }
      guard let found = Gap.all(of: shape) else { return nil }
      gaps.append(found)
      leftOut.append(found.reduce(0) { $0 + Int64($1.part.byteCount) })
    }
    guard let text = StrippedText.text(bytes, leftOut: leftOut, shapes.indexes, lengths) else {
      return nil
    }
    self.text = text
    self.shapes = shapes
    self.gaps = gaps
  }

  /// Where the messages of the shapes are of which so much was left out, -1 for shapes of another
  /// group.
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

  private func gaps(ofMessage number: Int) -> [Gap] {
    gaps[Int(shapes.indexes[Int(text.events[number])])]
  }

  /// Whether something was left out in the midst of bytes of a message.
  func isBroken(_ range: Range<Int>, inMessage number: Int) -> Bool {
    let start = Int(text.offsets[number])
    return gaps(ofMessage: number).contains {
      range.lowerBound < start + $0.place && start + $0.place < range.upperBound
    }
  }

  /// Whether some message may have the literal where something was left out of it.
  ///
  /// Elsewhere a message has it just where what is left has.
  func mayReachGaps(_ literal: RequiredLiteral) -> Bool {
    let places = gaps.map { Self.places(of: literal, in: $0) }
    guard places.contains(where: { !$0.isEmpty }) else { return false }
    return text.bytes.withUnsafeBufferPointer { bytes in
      for (number, event) in text.events.enumerated() {
        let message = Int(text.offsets[number])..<Int(text.offsets[number + 1])
        for place in places[Int(shapes.indexes[Int(event)])]
        where place.isPossible(literal.search, in: bytes, message) {
          return true
        }
      }
      return false
    }
  }

  /// A place of a message where a literal may overlap a part that was left out.
  private struct OverlapPlace {
    var overlap: StrippedOverlap
    var place: Int
    /// The places of the parts before and behind it.
    var previous: Int?
    var next: Int?

    /// `message` is the range of the message's bytes.
    @inline(__always)
    func isPossible(
      _ search: LiteralSearch, in bytes: UnsafeBufferPointer<UInt8>, _ message: Range<Int>
    ) -> Bool {
      let place = min(message.lowerBound + place, message.upperBound)
      let start = previous.map { min(message.lowerBound + $0, place) } ?? message.lowerBound
      let end = next.map { min(message.lowerBound + $0, message.upperBound) } ?? message.upperBound
      return overlap.isPossible(
        search, in: bytes, before: start..<place, isCutBefore: previous != nil,
        behind: place..<max(place, end), isCutBehind: next != nil)
    }
  }

  private static func places(of literal: RequiredLiteral, in gaps: [Gap]) -> [OverlapPlace] {
    gaps.indices.flatMap { index in
      (literal.overlaps[gaps[index].part] ?? []).map { overlap in
        OverlapPlace(
          overlap: overlap, place: gaps[index].place,
          previous: index > 0 ? gaps[index - 1].place : nil,
          next: index + 1 < gaps.count ? gaps[index + 1].place : nil)
      }
    }
  }
}
