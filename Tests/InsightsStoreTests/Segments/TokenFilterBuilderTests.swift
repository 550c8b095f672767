import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsStore

@Suite("Filters of tokens")
struct TokenFilterBuilderTests {
  /// Objects of a few layouts with values of all kinds, some of them cut off or followed by text.
  private func messages(seed: UInt64) -> [String] {
    var generator = SeededGenerator(state: seed)
    return (0..<400).map { number in
      let id = Int.random(in: 0...9_999, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0:
        return #"{"level": "INFO", "id": \#(id), "user": {"name": "n\#(number)", "ok": true}}"#
      case 1: return #"{"level": "ERROR", "id": \#(id), "tags": ["a", "b\#(id)"], "end": null}"#
      case 2: return #"{"level":"WARN","text":"it took \#(id) ms \"quoted\"","n":[]}"# + "\n"
      case 3: return #"{"k\#(id)": 1, "same": {"deep": {"deeper": "\#(number)"}}}"#
      case 4: return #"{"\#(id)":"","":0}"#
      default:
        let many = (0..<210).map { #""f\#($0)": \#($0 + id)"# }.joined(separator: ", ")
        return "{\(many), \"after\": \"the limit \(id)\"}"
      }
    }
  }

  @Test(
    "what is known of the gaps of JSON leaves nothing out", arguments: 1...4 as ClosedRange<UInt64>)
  func gaps(seed: UInt64) {
    let reader = JSONLeafReader()
    var withObjects = TokenFilterBuilder()
    var plain = TokenFilterBuilder()
    let none = 0..<0
    for message in messages(seed: seed) {
      Array(message.utf8).withUnsafeBufferPointer { bytes in
        #expect(reader.read(bytes, objectAt: 0) != nil)
        withObjects.add(bytes, known: (none, none), object: reader)
        plain.add(bytes, known: (none, none), object: nil)
      }
    }
    #expect(withObjects.encoded() == plain.encoded())
  }
}
