@testable import InsightsSegments
import InsightsText
import Testing

@testable import InsightsStore

@Suite("Filters of tokens")
struct TokenFilterBuilderTests {
  @Test(
    "a filter lets every literal pass that a text has, and few others", arguments: [1, 10, 4000])
  func literals(count: Int) throws {
    let messages = (0..<count).map { "request \($0 * 37) of user-\($0) took \($0 % 89) ms" }
    var builder = TokenFilterBuilder()
    for message in messages { Array(message.utf8).withUnsafeBufferPointer { builder.add($0) } }
    let filter = try #require(TokenFilter(encoded: builder.encoded()))
    func mayContain(_ literal: String) throws -> Bool {
      filter.mayContain(FilterTokens(of: try #require(LiteralSearch(Array(literal.utf8)))))
    }
    for message in messages {
      #expect(try mayContain(message))
      #expect(try mayContain(String(message.dropFirst(9).prefix(8))))
    }
    for word in ["refused", "Timeout", "(null)", "ERROR"] { #expect(try !mayContain(word)) }
  }
}
