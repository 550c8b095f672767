import InsightsTestSupport
import InsightsText
import Testing

@Suite("JSONLeafReader")
struct JSONLeafReaderTests {
  /// A leaf in words.
  private func leaves(_ text: String, by reader: JSONLeafReader) -> [String]? {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      guard let end = reader.read(bytes, objectAt: 0) else { return nil }
      return ["ends at \(end)"]
        + reader.leaves.map { leaf in
          let name = String(decoding: reader.name(leaf.name), as: UTF8.self)
          let value = String(decoding: bytes[Int(leaf.start)..<Int(leaf.end)], as: UTF8.self)
          return "\(name) \(leaf.kind) \(value)"
        }
    }
  }

  /// The same, as the scanner walks.
  private func walked(_ text: String) -> [String]? {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      guard let object = JSONScanner.value(in: bytes, at: 0), object.value.kind == .object else {
        return nil
      }
      var leaves = ["ends at \(object.end)"]
      JSONScanner.forEachField(in: bytes, objectAt: 0) { name, value in
        // Empty containers are no leaves of the reader.
        guard value.kind != .object, value.kind != .array else { return }
        let text = String(decoding: bytes[value.range], as: UTF8.self)
        leaves.append("\(String(decoding: name, as: UTF8.self)) \(value.kind) \(text)")
      }
      return leaves
    }
  }

  private func object(_ generator: inout SeededGenerator, depth: Int) -> String {
    let blank = ["", "", " ", "\n  ", "\t"].randomElement(using: &generator) ?? ""
    let keys = ["a", "b", "level", "@x", "k.k", "", "é", #"q\"q"#, #"\u0061"#]
    let members = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
      let key = keys.randomElement(using: &generator) ?? ""
      return "\"\(key)\"\(blank):\(blank)\(value(&generator, depth: depth))"
    }
    return "{\(blank)\(members.joined(separator: ",\(blank)"))\(blank)}"
  }

  private func value(_ generator: inout SeededGenerator, depth: Int) -> String {
    switch Int.random(in: 0..<(depth < 3 ? 12 : 9), using: &generator) {
    case 0: return "null"
    case 1: return "true"
    case 2: return "false"
    case 3: return "-12.5e3"
    case 4: return "\(Int.random(in: 0...9, using: &generator))"
    case 5: return #""""#
    case 6: return #""a\"b\\ \u00e9""#
    case 7, 8: return "\"text \(Int.random(in: 0...99, using: &generator))\""
    case 9: return object(&generator, depth: depth + 1)
    default:
      let elements = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        value(&generator, depth: depth + 1)
      }
      return "[\(elements.joined(separator: ", "))]"
    }
  }

  @Test("leaves are those of a walk, whatever objects were read before", arguments: 0..<8)
  func learnedLeaves(seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed))
    let reader = JSONLeafReader()
    var texts: [String] = []
    for _ in 0..<300 {
      var text = object(&generator, depth: 0)
      // Some that were read before, some that are broken.
      if let known = texts.randomElement(using: &generator), Bool.random(using: &generator) {
        text = known
      }
      texts.append(text)
      if Int.random(in: 0..<4, using: &generator) == 0 {
        text.remove(at: text.indices.randomElement(using: &generator) ?? text.startIndex)
      }
      #expect(leaves(text, by: reader) == walked(text), "\(text)")
    }
  }

  @Test("a null or another kind of value where another object had a text or a number")
  func otherKinds() {
    let reader = JSONLeafReader()
    for text in [
      #"{"a": 1, "b": "x"}"#, #"{"a": null, "b": "x"}"#, #"{"a": "1", "b": 2}"#,
      #"{"a": 1, "b": "x"}"#, #"{"a": nul, "b": "x"}"#, #"{"a": 01, "b": "x"}"#, #"{"a": 1"#,
      #"{"a": 1, "b": "x"} tail"#, #"{"a": {}, "b": []}"#, #"{"a": {"c": 1}, "b": [1, 2]}"#,
    ] {
      #expect(leaves(text, by: reader) == walked(text), "\(text)")
    }
  }

  @Test("whether every key is part of a leaf's name")
  func hiddenKeys() {
    let reader = JSONLeafReader()
    for _ in 0..<2 {
      for (text, hasAll) in [
        (#"{"a": 1, "b": {"c": "x"}}"#, true), (#"{"a": 1, "b": null}"#, false),
        (#"{"a": 1, "b": {}}"#, false), (#"{}"#, false),
      ] {
        #expect(leaves(text, by: reader) != nil)
        #expect(reader.hasAllLeaves == hasAll, "\(text)")
      }
    }
  }

  @Test("leaves beyond those that CloudWatch discovers are left out")
  func leafLimit() {
    let reader = JSONLeafReader()
    for count in [150, 200, 201, 1000] {
      let members = (0..<count).map { "\"k\($0)\": \($0)" }.joined(separator: ", ")
      let elements = (0..<count).map(String.init).joined(separator: ",")
      for text in ["{\(members)}", "{\"list\": [\(elements)]}"] {
        let found = leaves(text, by: reader)
        #expect(found?.count == min(count, 200) + 1)
        #expect(found == walked(text))
        #expect(reader.hasAllLeaves == (count <= 200))
      }
    }
  }

  @Test("more layouts than are learned, and nesting to the limit")
  func limits() {
    let reader = JSONLeafReader()
    for number in 0..<200 {
      let text =
        "{\"same\": 1, \"key\(number)\": {\"x\": 2, \"y\(number % 40)\": \"z\"}, \"end\": 3}"
      #expect(leaves(text, by: reader) == walked(text))
    }
    for depth in [127, 128, 129, 5000] {
      let text =
        String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
      #expect((leaves(text, by: reader) != nil) == (depth <= JSONScanner.depthLimit))
    }
  }
}
