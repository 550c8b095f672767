import InsightsText
import Testing

@Suite("numbers as text")
struct NumericTextTests {
  private func number(_ text: String) -> NumericText.Number? {
    withBytes(of: text) { NumericText.number($0) }
  }

  private func shown(_ real: Double) -> String {
    var bytes: [UInt8] = []
    NumericText.append(real, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func rounded(_ real: Double, _ digits: Int) -> String {
    var bytes: [UInt8] = []
    NumericText.appendRounded(real, fractionDigits: digits, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "whole numbers are read exactly as far as 64 bits go",
    arguments: [
      ("0", 0), ("-0", 0), ("+7", 7), ("007", 7), ("-42", -42),
      ("999999999999999999", 999_999_999_999_999_999),
      ("9223372036854775807", .max), ("-9223372036854775808", .min),
      ("00000000000000000000000012", 12),
    ] as [(String, Int64)])
  func integers(text: String, value: Int64) {
    #expect(number(text) == .integer(value))
  }

  @Test(
    "fractions, exponents and what 64 bits do not hold are real",
    arguments: [
      ("0.5", 0.5), (".5", 0.5), ("-.5", -0.5), ("1.0", 1), ("102.25", 102.25), ("1e3", 1000),
      ("1E+3", 1000), ("-2.5e-3", -0.0025), ("9223372036854775808", 9_223_372_036_854_775_808),
      ("-9223372036854775809", -9_223_372_036_854_775_808), ("1e-999", 0), ("0.1", 0.1),
      ("123456789.123456789", 123456789.123456789), ("0.000000000000000000000001", 1e-24),
      ("1.7976931348623157e308", .greatestFiniteMagnitude), ("5e-324", .leastNonzeroMagnitude),
      ("9007199254740993.5", 9007199254740993.5),
      ("0.30000000000000004", 0.30000000000000004),
    ] as [(String, Double)])
  func reals(text: String, value: Double) {
    #expect(number(text) == .real(value))
  }

  @Test(
    "text that holds more than a number is none",
    arguments: [
      "", " 1", "1 ", "1\n", "-", "+", ".", "-.", "5.", "1e", "1e+", "e5", "0x10", "inf", "nan",
      "Infinity", "1,000", "1_000", "--1", "1.2.3", "1e5.0", "12ms", "n/a", "1e999", "-1e999",
      "１", "1\u{0}",
    ])
  func notNumbers(text: String) {
    #expect(number(text) == nil)
  }

  @Test("a very long number is read without harm")
  func long() {
    #expect(number("0." + String(repeating: "3", count: 100_000)) == .real(1.0 / 3))
    #expect(number(String(repeating: "9", count: 100_000)) == nil)
    #expect(number("1e" + String(repeating: "9", count: 10_000)) == nil)
  }

  @Test(
    "numbers are shown in plain notation and read back as the same",
    arguments: [
      (1.0, "1"), (-0.0, "0"), (102.25, "102.25"), (0.00001, "0.00001"),
      (1e21, "1000000000000000000000"), (-1.5, "-1.5"), (0.1 + 0.2, "0.30000000000000004"),
      (9_007_199_254_740_992, "9007199254740992"), (1.0 / 3, "0.3333333333333333"),
      (123_456_789_012_345_680, "123456789012345680"), (1e-7, "0.0000001"),
    ] as [(Double, String)])
  func showing(real: Double, text: String) {
    #expect(shown(real) == text)
    #expect(Double(shown(real)) == real)
  }

  @Test("the greatest and the least magnitude are shown digit by digit")
  func extremes() {
    for real in [Double.greatestFiniteMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude] {
      #expect(Double(shown(real)) == real)
      #expect(!shown(real).contains("e"))
    }
    #expect(shown(.infinity) == "inf")
    #expect(rounded(.nan, 4) == "nan")
  }

  @Test("reading back gives the same number for many random bit patterns")
  func roundTrip() {
    var state: UInt64 = 42
    for _ in 0..<5_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let real = Double(bitPattern: state ^ state >> 29)
      guard real.isFinite else { continue }
      switch number(shown(real)) {
      case .real(let read): #expect(read == real)
      case .integer(let read): #expect(Double(read) == real)
      case nil: Issue.record("\(real) is not read back")
      }
    }
  }

  @Test("decimals with few digits are shown as the standard library finds them")
  func shortDecimals() {
    for number in stride(from: 10_001, to: 900_000, by: 77) {
      for scale in [10.0, 100, 1000, 10_000, 100_000] {
        let real = -Double(number) / scale
        guard real.rounded() != real else { continue }
        #expect(shown(real) == real.description)
        #expect(rounded(real, 5) == real.description)
      }
    }
  }

  @Test(
    "rounding goes half away from zero on the digits that are shown",
    arguments: [
      (27.65655, 4, "27.6566"), (-27.65655, 4, "-27.6566"), (27.65654999, 4, "27.6565"),
      (87.738, 4, "87.738"), (0.00005, 4, "0.0001"), (0.00004, 4, "0"), (-0.00004, 4, "0"),
      (9.99995, 4, "10"), (99999.99999, 4, "100000"), (1.10004, 4, "1.1"), (2.5, 0, "3"),
      (-2.5, 0, "-3"), (0.5, 0, "1"), (0.4, 0, "0"), (1e21, 4, "1000000000000000000000"),
      (1e-300, 4, "0"), (1234.5678, 2, "1234.57"), (0.1, 400, "0.1"), (1.005, 2, "1.01"),
      (9.5, 0, "10"), (-0.0, 4, "0"),
      (0.05, 1, "0.1"), (-0.25, 1, "-0.3"), (0.25, 2, "0.25"), (9_999_999_999.95, 1, "10000000000"),
      (1.5, -3, "2"),
    ] as [(Double, Int, String)])
  func rounding(real: Double, digits: Int, text: String) {
    #expect(rounded(real, digits) == text)
  }

  @Test(
    "integers are shown to the ends of their range",
    arguments: [.min, -10, -1, 0, 9, 10, .max] as [Int64])
  func showingIntegers(integer: Int64) {
    var bytes: [UInt8] = [0x78]
    NumericText.append(integer, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "x\(integer)")
  }
}
