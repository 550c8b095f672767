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
    let overlaps = gaps.map { $0.map { literal.overlaps[$0.part] ?? [] } }
    guard overlaps.contains(where: { $0.contains { !$0.isEmpty } }) else { return false }
    return text.bytes.withUnsafeBufferPointer { bytes in
      text.events.indices.contains { number in
        let shape = Int(shapes.indexes[Int(text.events[number])])
        let message = UnsafeBufferPointer(
          rebasing: bytes[Int(text.offsets[number])..<Int(text.offsets[number + 1])])
        return gaps[shape].indices.contains { index in
          overlaps[shape][index].contains {
            isPossible($0, literal.search, in: message, gaps[shape], index)
          }
        }
      }
    }
  }

  private func isPossible(
    _ overlap: StrippedOverlap, _ search: LiteralSearch,
    in message: UnsafeBufferPointer<UInt8>, _ gaps: [Gap], _ index: Int
  ) -> Bool {
    let place = min(gaps[index].place, message.count)
    let start = index > 0 ? min(gaps[index - 1].place, place) : 0
    let end = index + 1 < gaps.count ? min(gaps[index + 1].place, message.count) : message.count
    return overlap.isPossible(
      search,
      before: (UnsafeBufferPointer(rebasing: message[start..<place]), isCut: index > 0),
      behind: (
        UnsafeBufferPointer(rebasing: message[place..<max(place, end)]),
        isCut: index + 1 < gaps.count
      ))
  }
}
