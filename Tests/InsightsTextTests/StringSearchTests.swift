import InsightsText
import Testing

@Suite("search in strings")
struct StringSearchTests {
  @Test("the first occurrence, by bytes")
  func ranges() throws {
    let text = "é aab aab"
    let range = try #require(text.range(ofText: "aab"))
    #expect(text[range] == "aab" && text[..<range.lowerBound] == "é ")
    #expect(text[range.upperBound...].range(ofText: "aab") != nil)
    #expect(text.range(ofText: "b a") == text.firstRange(of: "b a"))
    #expect(text.range(ofText: "aac") == nil)
    #expect(text.range(ofText: "") == nil)
    #expect("aa".range(ofText: "aab") == nil)
  }

  @Test("the text after a label, up to a space or another end")
  func values() {
    let line = "RequestId:  4f1c, Duration: 5 ms"
    #expect(line.value(after: "RequestId:") == "4f1c,")
    #expect(line.value(after: "RequestId:", upTo: { $0 == "," }) == "4f1c")
    #expect(line.value(after: "ms") == nil)
    #expect(line.value(after: "Billed") == nil)
  }
}
