@testable import InsightsSegments
import InsightsTestSupport

@testable import InsightsStore

/// Messages to be kept as templates: of some layouts, with values of all types, and with damage.
struct TemplateSamples {
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(state: seed)
  }

  /// Values that look like one type and are another, or are at its border.
  static let values = [
    "0", "-0", "00", "007", "-7", "+7", "999999999999999999", "1000000000000000000",
    "-999999999999999999", "9223372036854775808", "0.0", "-0.0", "-0.5", "00.5", "1.50", "1.500",
    "12345678901234567.8", "1234567890123456.7", "0.123456789012345", "0.1234567890123456",
    "1e5", "1E-7", "1.5e10", "1.", ".5", "1..2", "1.2.3", "10.0.0.1", "192.168.001.254", "1,234",
    "9974d75b-3338-44fe-a179-0134676b1b69", "9974D75B-3338-44FE-A179-0134676B1B69",
    "x9974d75b-3338-44fe-a179-0134676b1b69", "9974d75b-3338-44fe-a179-0134676b1b69a",
    "9974d75b-3338-44fe-a179-0134676b1b69-9974d75b-3338-44fe-a179-0134676b1b69",
    "9974d75b333844fea1790134676b1b69", "9974d75b-3338-44fe-a179-0134676b1b6",
    "2026-01-01T00:00:00.123Z", "2026-01-01 00:00:00.123", "2026-01-01 00:00:00,123",
    "2026-01-01T00:00:00,123", "2026-01-01T00:00:00Z", "2026-01-01 23:59:59", "2026-01-01",
    "2026-02-29T00:00:00.000", "2024-02-29T00:00:00.000", "2026-13-01T00:00:00",
    "2026-01-01T24:00:00", "2026-01-01T23:59:60", "0000-01-01T00:00:00.000",
    "9999-12-31T23:59:59.999", "2026-01-01T00:00:00.12", "2026-01-01T00:00:00.123456",
    "12026-01-01T00:00:00.123", "svc-7", "db-2.internal:5432", "user_15", "$LATEST", "v1",
    "\u{663}", "größe1", "1ſ", "\u{0}1\u{0}", "\u{1}2\u{2}", "", " ", "\n\n", "\t", "a\"b",
  ]

  private static let layouts = [
    "START RequestId: ? Version: ?", "user=? action=? latency=?ms path=/api/?/items/?",
    #"{"level": "INFO", "at": "?", "message": "order ? for ?", "ms": ?, "n": {"k": "?"}}"#,
    #"{"level":"?","name":"?","deep":{"list":[?,?],"x":"?"}}"#, "?", "??", "?\t?\t?", "-?-?_?",
    "no variable at all", "[?] (?) <?> ?", #"{"?": ?, "a": "?"#,
  ]

  /// A message of a layout; one in eight is cut, lengthened, or has another byte.
  mutating func message() -> [UInt8] {
    var bytes: [UInt8] = []
    for character in (Self.layouts.randomElement(using: &generator) ?? "").utf8 {
      if character == UInt8(ascii: "?") {
        bytes.append(contentsOf: value())
      } else {
        bytes.append(character)
      }
    }
    switch Int.random(in: 0..<24, using: &generator) {
    case 0: bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
    case 1: bytes.append(contentsOf: value())
    case 2 where !bytes.isEmpty:
      bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
        in: 0...255, using: &generator)
    default: break
    }
    return bytes
  }

  private mutating func value() -> [UInt8] {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: Array((Self.values.randomElement(using: &generator) ?? "").utf8)
    case 1: Array("\(Int.random(in: 0...99, using: &generator))".utf8)
    case 2: Array("\(Int64.random(in: .min ... .max, using: &generator))".utf8)
    case 3: Array("\(Double(Int.random(in: -9_999...9_999, using: &generator)) / 100)".utf8)
    case 4: Array("\(Double.random(in: -1e6...1e6, using: &generator))".utf8)
    case 5:
      Array(["alpha", "beta", "gamma-1", "gamma-2"][Int.random(in: 0..<4, using: &generator)].utf8)
    case 6:
      (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
        .random(in: 0...255, using: &generator)
      }
    default: Array("k\(Int.random(in: 0...999, using: &generator))".utf8)
    }
  }

  mutating func messages(_ count: Int) -> [[UInt8]] { (0..<count).map { _ in message() } }

  /// A time, mostly shortly after the last, some far off or missing.
  mutating func timestamps(_ count: Int) -> [Int64?] {
    var time: Int64 = 1_767_225_600_000
    return (0..<count).map { _ in
      switch Int.random(in: 0..<64, using: &generator) {
      case 0: return nil
      case 1: return .random(in: .min + 1 ... .max, using: &generator)
      default:
        time += .random(in: 0...50, using: &generator)
        return time
      }
    }
  }
}

/// Messages as templates, encoded and ready to be read.
struct EncodedTemplates {
  var blocks: [TemplatePart: [UInt8]] = [:]
  let timestamps: [Int64]

  var eventCount: Int { timestamps.count }

  init(_ messages: [[UInt8]], timestamps: [Int64?]? = nil, by encoder: TemplateEncoder = .init()) {
    self.timestamps = (timestamps ?? messages.map { _ in nil }).map {
      $0 ?? SegmentReader.missing
    }
    for (index, message) in messages.enumerated() {
      message.withUnsafeBufferPointer { encoder.append($0, timestamp: timestamps?[index]) }
    }
    for (part, bytes) in encoder.encoded() { blocks[part] = bytes }
    encoder.removeAll()
  }

  func reader() -> (templates: MessageTemplates, composer: MessageComposer)? {
    guard let block = blocks[.templates],
      let directory = TemplateDirectory(block, eventCount: eventCount)
    else { return nil }
    let templates = MessageTemplates(directory, load: { blocks[$0] })
    return (templates, MessageComposer(templates, timestamps: { timestamps }))
  }

  /// The messages of some events, or of all; `nil` where a block is damaged.
  func messages(of events: [UInt16]? = nil) -> [[UInt8]]? {
    let events = events ?? (0..<UInt16(eventCount)).map { $0 }
    guard let text = reader()?.composer.messages(of: events) else { return nil }
    return events.indices.map {
      Array(text.bytes[Int(text.offsets[$0])..<Int(text.offsets[$0 + 1])])
    }
  }
}
