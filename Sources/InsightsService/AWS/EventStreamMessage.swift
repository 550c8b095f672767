internal import CZlib
internal import InsightsText

/// A message of `application/vnd.amazon.eventstream`: headers and a payload, with checksums.
struct EventStreamMessage {
  private let headers: [(name: String, value: String)]
  private let payload: [UInt8]

  /// An event with a JSON object.
  init(event: String, _ payload: JSONObject) {
    headers = [
      (":message-type", "event"), (":event-type", event), (":content-type", "application/json"),
    ]
    self.payload = JSONValue.object(payload).bytes
  }

  /// The exception that ends the stream.
  init(exception: String, _ message: String) {
    headers = [
      (":message-type", "exception"), (":exception-type", exception),
      (":content-type", "application/json"),
    ]
    payload = JSONValue.object(["message": .string(message)]).bytes
  }

  /// The encoded message.
  ///
  /// Integers are big-endian: the total length, the length of the headers, the checksum of both,
  /// headers, payload, and the checksum of everything.
  var bytes: [UInt8] {
    var encoded: [UInt8] = []
    for (name, value) in headers {
      encoded.append(UInt8(truncatingIfNeeded: name.utf8.count))
      encoded.append(contentsOf: name.utf8)
      // The type of the value: a string.
      encoded.append(7)
      let count = UInt16(truncatingIfNeeded: value.utf8.count)
      encoded.append(UInt8(truncatingIfNeeded: count >> 8))
      encoded.append(UInt8(truncatingIfNeeded: count))
      encoded.append(contentsOf: value.utf8)
    }
    var message: [UInt8] = []
    func append(_ number: UInt32) {
      for shift in [24, 16, 8, 0] as [UInt32] {
        message.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    append(UInt32(truncatingIfNeeded: 16 + encoded.count + payload.count))
    append(UInt32(truncatingIfNeeded: encoded.count))
    append(Self.checksum(of: message))
    message += encoded
    message += payload
    append(Self.checksum(of: message))
    return message
  }

  private static func checksum(of bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32(0, bytes, uInt(bytes.count)))
  }
}
