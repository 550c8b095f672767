import InsightsModel
import InsightsTestSupport
import InsightsText
import InsightsThreads
import Testing

@testable import InsightsService

@Suite("pool of queries")
struct QueryPoolTests {
  @Test("100 queries run or wait, over both interfaces; the next is refused, until one has ended")
  func limit() throws {
    let service = try AWSEndpointTests.service()
    let gate = Semaphore()
    let done = Semaphore()
    for _ in 0..<100 {
      let isAccepted = service.queries.accept {
        gate.wait()
        done.signal()
      }
      #expect(isAccepted)
    }
    let start =
      #"{"logGroupName":"/aws/lambda/orders-api","startTime":0,"endTime":1,"queryString":"limit 1"}"#
    func started() -> (Int, String) {
      let reply = AWSEndpoint.reply(
        to: ServiceRequest(
          headers: [("x-amz-target", "x.StartQuery")], body: Array(start.utf8)), in: service)
      guard case .bytes(let bytes) = reply.body else { return (0, "") }
      return (reply.status, String(decoding: bytes, as: UTF8.self))
    }
    let refused = started()
    #expect(refused.0 == 400)
    #expect(refused.1.contains("LimitExceededException"))
    for accept in ["application/json", "application/x-ndjson"] {
      let reply = APIEndpoint.reply(
        to: ServiceRequest(
          path: "/api/query", headers: [("content-type", "application/json"), ("accept", accept)],
          body: Array(#"{"query":"limit 1"}"#.utf8)), in: service)
      #expect(reply.status == 429)
    }
    #expect(service.queries.queries.isEmpty)
    for _ in 0..<100 { gate.signal() }
    for _ in 0..<100 { done.wait() }
    // The last one may still be on its way out.
    var accepted = started()
    for _ in 0..<1000 where accepted.0 != 200 { accepted = started() }
    #expect(accepted.0 == 200)
  }

  @Test("rows come back as they were put, from memory or from a file", arguments: [1, 100, 3000])
  func storedRows(byteCount: Int) throws {
    let rows = StoredRows()
    func row(_ number: Int) -> [UInt8] {
      Array("[\(number)]".utf8) + [UInt8](repeating: UInt8(number % 251), count: byteCount)
    }
    for number in 0..<1000 { try rows.append(row(number)) }
    #expect(rows.joined(0..<1) == row(0))
    rows.finish()
    #expect(rows.count == 1000)
    for range in [0..<1, 0..<1000, 1..<3, 500..<777, 999..<1000, 990..<2000, 1000..<1001] {
      let expected = range.clamped(to: 0..<1000).map(row)
      #expect(rows.joined(range) == Array(expected.joined(separator: [UInt8(ascii: ",")])))
    }
    #expect((rows.size.file != nil) == (byteCount == 3000))
    #expect(rows.size.memory < 512 << 10)
  }

  @Test("a query that is cancelled before its turn never runs")
  func cancelledBeforeItsTurn() throws {
    let service = try AWSEndpointTests.service()
    let gate = Semaphore()
    for _ in 0..<20 { _ = service.queries.accept { gate.wait() } }
    let reply = AWSEndpoint.reply(
      to: ServiceRequest(
        headers: [("x-amz-target", "x.StartQuery")],
        body: Array(
          #"{"logGroupName":"/aws/lambda/orders-api","startTime":0,"endTime":9999999999,"queryString":"limit 1"}"#
            .utf8)), in: service)
    #expect(reply.status == 200)
    let query = try #require(service.queries.queries.first)
    #expect(query.status == .running)
    #expect(query.cancel())
    #expect(query.status == .cancelled)
    #expect(!query.cancel())
    for _ in 0..<20 { gate.signal() }
    #expect(query.rows.count == 0)
  }

  @Test("times are seconds, or milliseconds where they are too large for that")
  func ranges() {
    let seconds = SecondRange(start: 1_700_000_000, end: 1_700_000_001)
    #expect(seconds.milliseconds.start == 1_700_000_000_000)
    #expect(seconds.milliseconds.end == 1_700_000_002_000)
    let milliseconds = SecondRange(start: 1_700_000_000_123, end: 1_700_000_001_456)
    #expect(milliseconds.milliseconds.start == 1_700_000_000_123)
    #expect(milliseconds.milliseconds.end == 1_700_000_001_457)
    #expect(milliseconds.start == 1_700_000_000)
    #expect(SecondRange(start: 0, end: .max).milliseconds.end == .max)
    #expect(
      SecondRange(start: 99_999_999_999, end: 100_000_000_000).milliseconds.start
        == 99_999_999_999_000)
  }
}
