import InsightsText
import Testing

@Suite("natural order")
struct NaturalOrderTests {
  private func key(_ text: String) -> [UInt8] {
    var key: [UInt8] = []
    withBytes(of: text) { NaturalOrder.appendKey(ofText: $0, to: &key) }
    return key
  }

  private func key(integer: Int64) -> [UInt8] {
    var key: [UInt8] = []
    NaturalOrder.appendKey(ofInteger: integer, to: &key)
    return key
  }

  private func key(real: Double) -> [UInt8] {
    var key: [UInt8] = []
    NaturalOrder.appendKey(ofReal: real, to: &key)
    return key
  }

  private func isAscending(_ keys: [[UInt8]]) -> Bool {
    zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
  }

  @Test(
    "texts are in their documented order",
    arguments: [
      [
        "!:", "#", "*%04", "0#", "5A", "111A", "2345_", "@", "@_", "A", "A9876fghj", "a12345hfh",
        "0", "01", "1", "2", "3",
      ],
      ["9", "10", "100"],
      ["b1", "b2", "b10", "5"],
      ["B", "a", "é", "日"],
      ["", "a", "1"],
      ["-1e3", "-10", "-2.5", "-2", "-0.5", "0", "0.5", "1e3"],
      ["1.2.3", "1.2.10", "1.10.2"],
      ["a1", "a01", "a10"],
      ["a", "a1", "a!", "ab"],
      ["a", "a\u{0}", "a\u{0}\u{0}", "a\u{1}", "a\u{2}"],
      ["x" + String(repeating: "9", count: 254), "x1" + String(repeating: "0", count: 254)],
    ])
  func documented(texts: [String]) {
    #expect(isAscending(texts.map(key)))
  }

  private func number(of key: [UInt8]) -> Double? {
    key.withUnsafeBufferPointer { NaturalOrder.number(ofKey: $0) }
  }

  @Test("a key of a number tells its nearest Double, one of a text does not")
  func numberOfKey() {
    let numbers: [Double] = [
      0, -0.0, 1, -1, 0.1, -2.5, 1e300, -1e300, .leastNonzeroMagnitude, .infinity, -.infinity,
    ]
    for real in numbers { #expect(number(of: key(real: real)) == real) }
    for integer in [Int64.min, -7, 0, 9_007_199_254_740_993, .max] {
      #expect(number(of: key(integer: integer)) == Double(integer))
    }
    #expect(number(of: key("12.50")) == 12.5)
    for text in ["", "a", "1a", "\u{2}12345678"] { #expect(number(of: key(text)) == nil) }
  }

  @Test("numbers go by value, whatever their type")
  func numbers() {
    #expect(
      isAscending([
        key("zzz"), key(real: -.greatestFiniteMagnitude), key(integer: .min),
        key(integer: .min + 1), key(real: -1.5), key(integer: -1), key(integer: 0),
        key(real: .leastNonzeroMagnitude), key("0.25"), key(real: 0.5), key("1"),
        key(integer: 9_007_199_254_740_992), key(integer: 9_007_199_254_740_993),
        key("9007199254740994"), key(integer: .max - 1), key(integer: .max), key(real: 1e19),
        key(real: .infinity),
      ]))
  }

  @Test("a number has the same key as the text that it shows as")
  func sameKey() {
    #expect(key(integer: 12) == key("12"))
    #expect(key(real: 1) == key("1"))
    #expect(key(real: -0.0) == key(integer: 0))
    #expect(key(real: 102.25) == key("102.25"))
  }

  @Test("keys follow the rules for many random texts")
  func random() {
    var state: UInt64 = 7
    let letters = Array("01 9ab!\u{0}".unicodeScalars)
    var texts: [String] = []
    for _ in 0..<120 {
      var text = String.UnicodeScalarView()
      for _ in 0..<5 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(letters[Int(state >> 33) % letters.count])
      }
      texts.append("a" + String(text))
    }
    for left in texts {
      for right in texts {
        #expect(
          key(left).lexicographicallyPrecedes(key(right)) == precedes(runs(left), runs(right)),
          "\(left.debugDescription), \(right.debugDescription)")
      }
    }
  }

  /// The rule as it is written down: alternating runs of digits and other characters.
  private func runs(_ text: String) -> [[UInt8]] {
    var runs: [[UInt8]] = []
    for byte in text.utf8 {
      if let last = runs.last?.last, isDigit(last) == isDigit(byte) {
        runs[runs.count - 1].append(byte)
      } else {
        runs.append([byte])
      }
    }
    return runs
  }

  private func precedes(_ left: [[UInt8]], _ right: [[UInt8]]) -> Bool {
    for (a, b) in zip(left, right) where a != b {
      if isDigit(a[0]), isDigit(b[0]), a.count != b.count { return a.count < b.count }
      return a.lexicographicallyPrecedes(b)
    }
    return left.count < right.count
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
