import InsightsText
import Testing

@Suite("encodings")
struct EncodingTests {
  @Test(
    "Base64: the test vectors of RFC 4648, there and back",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(plain: String, encoded: String) {
    #expect(withBytes(of: plain) { bytes in written { Base64.append(bytes, to: &$0) } } == encoded)
    #expect(decoded(encoded, by: Base64.appendDecoded) == Array(plain.utf8))
  }

  @Test("Base64: every byte comes back", arguments: 0..<3)
  func everyByte(offset: Int) {
    let bytes = (0..<256 + offset).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let encoded = withBytes(bytes) { bytes in written { Base64.append(bytes, to: &$0) } }
    #expect(decoded(encoded, by: Base64.appendDecoded) == bytes)
  }

  @Test(
    "Base64: what is none is refused",
    arguments: ["A", "AAAAA", "AA=A", "AAA==", "=", "====", "A===", "AA A", "A\u{0}==", "é"])
  func noBase64(text: String) {
    #expect(decoded(text, by: Base64.appendDecoded) == nil)
  }

  @Test(
    "Base64 inside JSON: line ends, escaped slashes and any padding are passed over",
    arguments: [
      ("Zm9v", "foo"), ("Zm9v\\nYmFy", "foobar"), ("Zm 9v\r\nYmFy", "foobar"), ("Zg=", "f"),
      ("Zg===", "f"), ("Zg", "f"), ("Pz8\\/", "???"), ("Pz8_", "???"), ("", ""),
    ])
  func lenientBase64(encoded: String, plain: String) {
    #expect(withBytes(of: encoded) { Base64.decodeLeniently($0) } == Array(plain.utf8))
  }

  @Test("Base64 inside JSON: what is none is refused", arguments: ["A", "Zg=g", "Zm9v\\t", "é"])
  func noLenientBase64(text: String) {
    #expect(withBytes(of: text) { Base64.decodeLeniently($0) } == nil)
  }

  @Test("hexadecimal digits: pairs of either case, nothing else")
  func hexadecimal() {
    #expect(decoded("00fFA0", by: Hexadecimal.appendDecoded) == [0, 0xFF, 0xA0])
    #expect(decoded("", by: Hexadecimal.appendDecoded) == [])
    for text in ["0", "0g", "-1", " 0", "0x"] {
      #expect(decoded(text, by: Hexadecimal.appendDecoded) == nil)
    }
  }

  @Test(
    "percent escapes: half a one stays as it is",
    arguments: [
      ("%41", "A"), ("%4", "%4"), ("%", "%"), ("%%41", "%A"), ("%4G", "%4G"), ("+", " "), ("", ""),
      ("%C3%A9", "é"),
    ])
  func percentEscapes(escaped: String, plain: String) {
    #expect(
      withBytes(of: escaped) { bytes in
        written { PercentEncoding.appendDecoded(bytes, to: &$0) }
      } == plain)
  }

  private func written(_ write: (inout [UInt8]) -> Void) -> String {
    var output: [UInt8] = []
    write(&output)
    return String(decoding: output, as: UTF8.self)
  }

  private func decoded(
    _ text: String, by decode: (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Bool
  ) -> [UInt8]? {
    var output: [UInt8] = []
    return withBytes(of: text) { decode($0, &output) } ? output : nil
  }
}
