import InsightsText
import Testing

@Suite("JSON writing")
struct JSONWriterTests {
  private func written(_ bytes: [UInt8]) -> String? {
    var output: [UInt8] = []
    withBytes(bytes) { JSONWriter.append(string: $0, to: &output) }
    return String(validating: output, as: UTF8.self)
  }

  @Test(
    "strings are quoted and escaped",
    arguments: [
      ("", #""""#), ("plain", #""plain""#), (#"a"b\c/"#, #""a\"b\\c/""#),
      ("\n\t\r\u{8}\u{C}", #""\n\t\r\b\f""#), ("\u{0}\u{1F}\u{1B}", #""\u0000\u001f\u001b""#),
      ("é日🎉\u{2028}\u{7F}", "\"é日🎉\u{2028}\u{7F}\""), ("a\nb", #""a\nb""#),
    ])
  func strings(text: String, json: String) {
    #expect(written(Array(text.utf8)) == json)
    var output: [UInt8] = []
    JSONWriter.append(string: text, to: &output)
    #expect(output == Array(json.utf8))
  }

  @Test(
    "bytes that are no UTF-8 become U+FFFD, as the standard library repairs them",
    arguments: [
      [0xFF], [0x61, 0x80, 0x62], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x82, 0x61],
      [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF0, 0x9F, 0x8E], [0xF4, 0x90, 0x80, 0x80],
      [0xF0, 0x80, 0x80, 0x80], [0xE0, 0x80, 0x80], [0xF5, 0x80], [0xC3, 0xA9, 0xC3],
    ] as [[UInt8]])
  func invalid(bytes: [UInt8]) {
    #expect(written(bytes) == "\"" + String(decoding: bytes, as: UTF8.self) + "\"")
  }

  @Test("random bytes give valid text")
  func random() {
    var state: UInt64 = 3
    for _ in 0..<2_000 {
      let bytes = (0..<8).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 40) | 0x80
      }
      #expect(written(bytes) == "\"" + String(decoding: bytes, as: UTF8.self) + "\"")
    }
  }

  @Test("numbers and literals")
  func others() {
    var output: [UInt8] = []
    JSONWriter.append(Int64(-5), to: &output)
    JSONWriter.append(0.25, to: &output)
    JSONWriter.append(.infinity, to: &output)
    JSONWriter.append(true, to: &output)
    JSONWriter.append(false, to: &output)
    JSONWriter.appendNull(to: &output)
    #expect(String(decoding: output, as: UTF8.self) == "-50.25nulltruefalsenull")
  }
}
