import InsightsText
import Testing

@Suite("JSON values")
struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  @Test(
    "values are written as they were read, numbers with their digits",
    arguments: [
      "null", "true", "[]", "{}", "1.50", "-0", "12345678901234567890123", "1e5",
      #"{"b":[1,{"a":"\u0001é\"\\"}],"a":null,"b":2}"#,
    ])
  func roundTrip(text: String) throws {
    #expect(try parse(text).text == text)
  }

  @Test("escapes and surrogate pairs are resolved")
  func escapes() throws {
    #expect(try parse(#" "\u00e9\ud83d\ude00\n\/" "#).string == "é😀\n/")
    #expect(try parse(#"{"\u0061":1}"#).object?["a"]?.integer == 1)
  }

  @Test("null is absent, and the last of equal members counts")
  func members() throws {
    var object = try #require(try parse(#"{"a":1,"b":null,"a":2}"#).object)
    #expect(object["a"]?.integer == 2)
    #expect(object["b"] == nil)
    object["c"] = "x"
    object["a"] = nil
    #expect(JSONValue.object(object).text == #"{"b":null,"c":"x"}"#)
  }

  @Test(
    "whole numbers are integers however they are written",
    arguments: [("5", 5), ("5.0", 5), ("-5e0", -5), ("9223372036854775807", Int64.max)])
  func integers(text: String, number: Int64) throws {
    #expect(try parse(text).integer == number)
  }

  @Test("others are none", arguments: ["5.5", "1e300", "9223372036854775808", "\"5\"", "true"])
  func noIntegers(text: String) throws {
    #expect(try parse(text).integer == nil)
  }

  @Test(
    "what is no JSON is told with its place",
    arguments: [("", 0), ("{} x", 3), ("[1,]", 3), (#"{"a" 1}"#, 5), ("[01]", 2), ("tru", 0)])
  func errors(text: String, offset: Int) {
    #expect(throws: JSONError(offset: offset)) { try parse(text) }
  }

  @Test("nesting is limited, whatever the depth", arguments: [127, 129, 100_000])
  func depth(count: Int) {
    let text = String(repeating: "[", count: count) + String(repeating: "]", count: count)
    #expect((try? parse(text)) != nil || count > JSONScanner.depthLimit)
    #expect((try? parse(text)) == nil || count <= JSONScanner.depthLimit)
  }

  @Test("HMAC of RFC 4231, with short and long keys")
  func hmac() {
    func digest(_ key: [UInt8], _ text: String) -> String {
      var hex: [UInt8] = []
      Hexadecimal.append(HMAC.digest(of: Array(text.utf8), key: key), to: &hex)
      return String(decoding: hex, as: UTF8.self)
    }
    #expect(
      digest(Array("Jefe".utf8), "what do ya want for nothing?")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      digest(
        [UInt8](repeating: 0xAA, count: 131),
        "Test Using Larger Than Block-Size Key - Hash Key First")
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
