import InsightsText
import Testing

@Suite("paths of the system")
struct SystemPathTests {
  @Test(
    "every path comes back as the bytes that it was",
    arguments: [
      Array("plain.log".utf8), Array("größe/日本語 🙂".utf8), [0x63, 0xE9, 0x2E, 0x6C], [0xFF],
      [0x80, 0x41, 0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x8F, 0xBC, 0x80],
      [0xC0, 0xAF], [0xF0, 0x9F, 0x99], [],
    ] as [[UInt8]])
  func roundTrip(bytes: [UInt8]) {
    let text = SystemPath.text(of: bytes)
    #expect(SystemPath.bytes(of: text) == bytes)
    if text.utf8.elementsEqual(bytes) {
      #expect(SystemPath.shown(text) == text)
    } else {
      #expect(SystemPath.shown(text).hasPrefix("\\x") || SystemPath.shown(text).contains("\\x"))
    }
  }

  @Test("bytes that are no UTF-8 are shown by their digits")
  func shown() {
    let name = SystemPath.text(of: [0x63, 0xE9, 0x2E, 0x0A, 0x6C, 0xC3, 0xA9, 0xFF])
    #expect(SystemPath.shown(name) == "c\\xE9.\nlé\\xFF")
    #expect(SystemPath.shown("größe/日本語 🙂") == "größe/日本語 🙂")
  }

  @Test("random bytes come back, too")
  func random() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<10_000 {
      let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        UInt8.random(in: .min ... .max, using: &generator)
      }
      #expect(SystemPath.bytes(of: SystemPath.text(of: bytes)) == bytes)
    }
  }
}
