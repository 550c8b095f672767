internal import InsightsText

/// Objects in Ruby's notation, as in Fluent Bit's output to the terminal: `{"log"=>"text",
/// "n"=>5}`.
enum RubyHash {
  /// Converts an object at the start of a text to JSON, up to its end; `nil` for anything else.
  static func json(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.first == UInt8(ascii: "{"), text.firstOffset(of: "\"=>") != nil else { return nil }
    var json: [UInt8] = []
    json.reserveCapacity(text.count)
    var depth = 0
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""):
        guard let (string, end) = JSONScanner.value(in: text, at: index), string.kind == .string
        else { return nil }
        json.append(contentsOf: text[index..<end])
        index = end
        continue
      case UInt8(ascii: "=") where text.holds("=>", at: index):
        json.append(UInt8(ascii: ":"))
        index += 2
        continue
      case UInt8(ascii: "n") where text.holds("nil", at: index):
        json.append(contentsOf: "null".utf8)
        index += 3
        continue
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      default: break
      }
      json.append(text[index])
      index += 1
      if depth == 0 { return json }
    }
    return nil
  }
}
