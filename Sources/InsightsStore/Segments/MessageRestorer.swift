/// Puts back into messages what `MessageStripper` left out.
struct MessageRestorer {
  /// `nil` where no message lacks its request id.
  var requestPlaces: [Int64]?
  /// `nil` where no message lacks its time.
  var timePlaces: [Int64]?
  var requestIDs: RequestIDColumn?
  var timestamps: [Int64]

  /// The whole messages of a group; `nil` where the columns do not fit together.
  ///
  /// `text` tells events and offsets, its bytes are not looked at.
  func restore(_ stripped: [UInt8], of text: SegmentText) -> [UInt8]? {
    if requestPlaces == nil, timePlaces == nil { return stripped }
    let idText = RequestIDText()
    let timeText = TimeText()
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(text.offsets.last ?? 0)) { bytes, count in
      isWhole = stripped.withUnsafeBufferPointer { stripped in
        restore(stripped, text, idText, timeText, into: bytes)
      }
      count = isWhole ? bytes.count : 0
    }
    return isWhole ? bytes : nil
  }

  /// The whole message of one event; `nil` where the columns do not fit together.
  ///
  /// `stripped` is what is left of it, `length` its length.
  func restore(
    _ stripped: UnsafeBufferPointer<UInt8>, of event: Int, length: Int
  ) -> [UInt8]? {
    let idText = RequestIDText()
    let timeText = TimeText()
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { bytes, count in
      var output = MessageOutput(
        stripped: stripped, bytes: UnsafeMutableBufferPointer(rebasing: bytes[..<length]))
      isWhole =
        append(event, in: 0..<length, to: &output, idText, timeText) && output.isAtEnd
      count = isWhole ? length : 0
    }
    return isWhole ? bytes : nil
  }

  private func restore(
    _ stripped: UnsafeBufferPointer<UInt8>, _ text: SegmentText,
    _ idText: RequestIDText, _ timeText: TimeText,
    into bytes: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    var output = MessageOutput(stripped: stripped, bytes: bytes)
    for number in 0..<text.events.count {
      let range = Int(text.offsets[number])..<Int(text.offsets[number + 1])
      guard append(Int(text.events[number]), in: range, to: &output, idText, timeText) else {
        return false
      }
    }
    return output.isAtEnd
  }

  /// Puts back the message of an event, whose place in the output is `range`.
  @inline(__always)
  private func append(
    _ event: Int, in range: Range<Int>, to output: inout MessageOutput,
    _ idText: RequestIDText, _ timeText: TimeText
  ) -> Bool {
    var id: Part?
    if let place = requestPlaces?[event], place != SegmentReader.missing {
      guard let text = idText.text(of: event, in: requestIDs) else { return false }
      id = Part(place: place, text: text)
    }
    var time: Part?
    if let place = timePlaces?[event], place != SegmentReader.missing {
      guard timeText.write(timestamps[event]) else { return false }
      time = Part(place: place, text: UnsafeBufferPointer(timeText.bytes))
    }
    output.begin(at: range.lowerBound, end: range.upperBound)
    if let id, let time, time.place < id.place {
      guard output.append(time), output.append(id) else { return false }
    } else {
      if let id { guard output.append(id) else { return false } }
      if let time { guard output.append(time) else { return false } }
    }
    return output.end()
  }
}

/// The text of one request id, which neighbours mostly share.
private final class RequestIDText {
  private let memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: UUID.textLength, alignment: 8)
  private var entry = SegmentReader.noIndex

  deinit {
    memory.deallocate()
  }

  /// The id of an event, valid until the next call; `nil` where that is no UUID.
  func text(of event: Int, in ids: RequestIDColumn?) -> UnsafeBufferPointer<UInt8>? {
    guard let ids, ids.indexes.indices.contains(event), Int(ids.indexes[event]) < ids.uuids.count
    else { return nil }
    if ids.indexes[event] != entry {
      entry = ids.indexes[event]
      ids.uuids[Int(entry)].write(to: memory)
    }
    return UnsafeBufferPointer(memory.assumingMemoryBound(to: UInt8.self))
  }
}

/// A part that was left out of a message, and where.
private struct Part {
  var place: Int64
  var text: UnsafeBufferPointer<UInt8>
}

/// Writes messages out of their stripped bytes and the parts that were left out.
private struct MessageOutput {
  let stripped: UnsafeBufferPointer<UInt8>
  let bytes: UnsafeMutableBufferPointer<UInt8>
  private var input = 0
  private var output = 0
  private var messageStart = 0
  private var messageEnd = 0

  init(stripped: UnsafeBufferPointer<UInt8>, bytes: UnsafeMutableBufferPointer<UInt8>) {
    self.stripped = stripped
    self.bytes = bytes
  }

  var isAtEnd: Bool { input == stripped.count && output == bytes.count }

  mutating func begin(at start: Int, end: Int) {
    messageStart = start
    messageEnd = end
    output = start
  }

  /// Copies up to the place of a part, and the part.
  mutating func append(_ part: Part) -> Bool {
    guard part.place >= 0, part.place <= Int64(messageEnd - messageStart),
      copy(upTo: messageStart + Int(part.place)), part.text.count <= messageEnd - output
    else { return false }
    if let target = bytes.baseAddress, let source = part.text.baseAddress {
      (target + output).update(from: source, count: part.text.count)
    }
    output += part.text.count
    return true
  }

  /// Copies the rest of the message.
  mutating func end() -> Bool { copy(upTo: messageEnd) }

  private mutating func copy(upTo end: Int) -> Bool {
    let count = end - output
    guard count >= 0, end <= bytes.count, count <= stripped.count - input else { return false }
    if count > 0, let target = bytes.baseAddress, let source = stripped.baseAddress {
      (target + output).update(from: source + input, count: count)
    }
    input += count
    output = end
    return true
  }
}
