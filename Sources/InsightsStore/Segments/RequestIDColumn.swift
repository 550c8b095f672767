/// The request ids of a segment: each once, and which event has which.
///
/// An id that is a UUID in its canonical lower-case form is kept as 16 bytes, any other as text.
struct RequestIDColumn: Sendable {
  /// An id as 16 bytes, big-endian.
  struct UUID: Hashable, Sendable {
    var high: UInt64
    var low: UInt64
  }

  /// The entry of each event; `SegmentReader.noIndex` where it has none.
  ///
  /// Entries below `uuids.count` are those, then come the `texts`.
  var indexes: [UInt16]
  var uuids: [UUID]
  var texts: Texts

  var entryCount: Int { uuids.count + texts.count }

  /// Appends an entry as text.
  func append(_ entry: Int, to output: inout [UInt8]) {
    if entry < uuids.count {
      uuids[entry].append(to: &output)
    } else {
      output.append(contentsOf: texts.bytes[texts.range(of: entry - uuids.count)])
    }
  }

  /// The entry that is this text.
  func entry(of text: UnsafeBufferPointer<UInt8>) -> Int? {
    if let uuid = UUID(text) {
      return uuids.firstIndex(of: uuid)
    }
    return (0..<texts.count).first { entry in
      texts.bytes[texts.range(of: entry)].elementsEqual(text)
    }.map { $0 + uuids.count }
  }
}
