import InsightsTestSupport
import InsightsText
import Testing

@testable import InsightsEngine

/// AWS's phrases stand in one catalogue; the query pack, which is pasted into AWS's console, has to
/// spell them out.
@Suite("catalogue of AWS's phrases")
struct CatalogueTests {
  private static func text(of query: String) throws -> String {
    try #require(BuiltInQueries.all.first { $0.name == query }?.text)
  }

  @Test("the pack looks for every word by which refused calls are told")
  func throttles() throws {
    let query = try Self.text(of: "lambda/throttles")
    for word in AWSMessages.Throttle.words {
      // Both limits of concurrency end in the same words, which the query looks for.
      let suffix = "\(word)".replacing("ReservedFunction", with: "")
      #expect(query.contains(suffix), "\(word)")
    }
    #expect(query.contains("Rate Exceeded\\."))
    #expect(
      query.contains("\(AWSMessages.Gateway.invocationFailed)\(AWSMessages.Gateway.refusedStatus)"))
  }

  @Test(
    "the pack's gateway queries spell the catalogue's phrases",
    arguments: [
      AWSMessages.Gateway.completed, AWSMessages.Gateway.functionError,
      AWSMessages.Gateway.malformedResponse, AWSMessages.Gateway.noPermission,
      AWSMessages.Gateway.badBody, AWSMessages.Gateway.notAuthorized,
      AWSMessages.Gateway.unauthorized, AWSMessages.Throttle.accountConcurrency,
      AWSMessages.Gateway.executionFailed,
    ])
  func gateway(phrase: StaticString) throws {
    let words = "\(phrase)".trimmingSuffix(" ")
    #expect(try Self.text(of: "gateway/errors-by-cause").contains(words))
  }

  @Test("a phrase counts as a whole word only")
  func words() {
    func tells(_ text: String) -> Bool {
      Array(text.utf8).withUnsafeBufferPointer { AWSMessages.Throttle.matches($0) }
    }
    #expect(tells("(TooManyRequestsException) when"))
    #expect(tells("Rate Exceeded."))
    #expect(!tells("MyThrottlingExceptionHandler ready"))
    #expect(!tells("Rate Exceeded the plan"))
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    last == character ? String(dropLast()) : self
  }
}
