import InsightsStore
import Testing

@testable import InsightsIngest

/// The ids of a run are known again, and no others.
@Suite("request history")
struct RequestHistoryTests {
  private static func id(_ number: Int) -> RequestID {
    RequestID("7f1c0a52-6a1e-4d0b-9c36-\(number + 100_000_000_000)")
  }

  @Test("of many ids each is new once")
  func many() {
    let history = RequestHistory()
    for number in 0..<100_000 { #expect(!history.add(Self.id(number))) }
    #expect(!history.mayRepeat)
    #expect((0..<100_000).allSatisfy { history.mayContain(Self.id($0)) })
    #expect((100_000..<200_000).allSatisfy { !history.mayContain(Self.id($0)) })
    #expect(history.add(Self.id(17)))
    #expect(history.mayRepeat)
  }

  @Test("a key that was added is not new again, which alone says nothing of repeats")
  func keys() {
    let history = RequestHistory()
    let key = RequestHistory.key(of: RequestID("one"))
    #expect(history.addNew(key))
    #expect(!history.addNew(key))
    #expect(!history.mayRepeat)
    #expect(history.mayContain(RequestID("one")))
    #expect(!history.mayContain(RequestID("One")))
  }

  @Test("an id is the same however it was read, and shows its text")
  func requestIDs() {
    for text in [
      "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10", "7F1C0A52-6A1E-4D0B-9C36-2F60D7A5BE10", "", "é",
    ] {
      let bytes = Array(text.utf8).withUnsafeBufferPointer { RequestID($0) }
      #expect(bytes == RequestID(text))
      #expect(bytes.description == text)
    }
    #expect(Self.id(1) != Self.id(2))
    #expect(
      RequestID("7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10")
        != RequestID("7F1C0A52-6A1E-4D0B-9C36-2F60D7A5BE10"))
  }
}
