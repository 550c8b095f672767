import InsightsText
import Testing

@Suite("Hexadecimal digits")
struct HexadecimalDigitsTests {
  private func uuid(_ text: String, allowsUpperCase: Bool = false) -> [UInt64]? {
    Array(text.utf8).withUnsafeBufferPointer {
      HexadecimalDigits.uuid(in: $0, at: 0, allowsUpperCase: allowsUpperCase)
        .map { [$0.high, $0.low] }
    }
  }

  @Test("a UUID gives its 128 bits")
  func bits() {
    #expect(
      uuid("01234567-89ab-cdef-0f1e-2d3c4b5a6978")
        == [0x0123_4567_89AB_CDEF, 0x0F1E_2D3C_4B5A_6978])
    #expect(uuid("01234567-89AB-CDEF-0f1e-2d3c4b5a6978") == nil)
    #expect(
      uuid("01234567-89AB-CDEF-0f1e-2d3c4b5a6978", allowsUpperCase: true)
        == [0x0123_4567_89AB_CDEF, 0x0F1E_2D3C_4B5A_6978])
    #expect(uuid("01234567-89ab-cdef-0f1e-2d3c4b5a697") == nil)
  }

  @Test("any byte that is no digit is found, wherever it stands", arguments: [false, true])
  func others(_ allowsUpperCase: Bool) {
    let good = Array("01234567-89ab-cdef-0f1e-2d3c4b5a6978".utf8)
    for index in good.indices {
      let isDash = good[index] == UInt8(ascii: "-")
      for byte in UInt8.min...UInt8.max {
        var text = good
        text[index] = byte
        let isDigit: Bool
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
          isDigit = true
        case UInt8(ascii: "A")...UInt8(ascii: "F"): isDigit = allowsUpperCase
        default: isDigit = false
        }
        let isUUID = text.withUnsafeBufferPointer {
          HexadecimalDigits.uuid(in: $0, at: 0, allowsUpperCase: allowsUpperCase) != nil
        }
        #expect(isUUID == (isDash ? byte == UInt8(ascii: "-") : isDigit))
      }
    }
  }
}
