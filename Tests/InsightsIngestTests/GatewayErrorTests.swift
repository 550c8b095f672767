import InsightsStore
import Testing

@testable import InsightsIngest

@Suite("Gateway errors")
struct GatewayErrorTests {
  private static let one = "34a1c0d9-97c5-49e7-a8cf-9a1cf40fba8b"
  private static let lambda = "c4599a98-ed4a-44b2-a8bb-dde8b7f435ae"

  private func errors(_ lines: [String]) -> [ErrorTable.Row] {
    var assembler = InvocationAssembler()
    for (index, line) in lines.enumerated() {
      Array(line.utf8).withUnsafeBufferPointer { assembler.consume($0, timestamp: Int64(index)) }
    }
    return assembler.takeLastRows().errors
  }

  @Test(
    "each cause has its type, and the status is the one that the caller got",
    arguments: [
      ("Execution failed due to a timeout error", "integration timeout", 504),
      (
        "Execution failed due to configuration error: Malformed Lambda proxy response",
        "Malformed Lambda proxy response", 502
      ),
      ("Execution failed due to configuration error: Rate Exceeded.", "Rate Exceeded.", 500),
      (
        "Execution failed due to configuration error: Invalid permissions on Lambda function",
        "Invalid permissions on Lambda function", 500
      ),
      (
        "Execution failed due to configuration error: No match for output mapping and no default "
          + "output mapping configured. Endpoint Response Status Code: 403",
        "No match for output mapping and no default output mapping configured", 500
      ),
      (
        "Execution failed due to configuration error: Host name 'a.example.com' does not match the "
          + "certificate subject provided by the peer", "certificate mismatch", 500
      ),
      ("Execution failed due to an internal error", "internal error", 500),
    ])
  func causes(_ text: String, _ type: String, _ status: Int) {
    let rows = errors([
      "(\(Self.one)) Starting execution for request: \(Self.one)", "(\(Self.one)) \(text)\n",
      "(\(Self.one)) Method completed with status: \(status)\n",
      "(\(Self.one)) AWS Integration Endpoint RequestId : \(Self.lambda)\n",
    ])
    #expect(rows.map(\.kind) == [.gateway])
    #expect(rows.map(\.type) == [type])
    #expect(rows.map(\.httpStatus) == [Int64(status)])
    #expect(rows.map(\.gatewayRequestID) == [Self.one])
    #expect(rows.map(\.requestID?.description) == [Self.lambda])
  }

  @Test("a function's error loses the time and the id that Lambda puts before it")
  func functionError() {
    let head = "(Vwc2MGFUrPEFV_g=) Lambda execution failed with status 200 due to customer "
    for words in [
      "2026-03-04T10:00:10.456Z \(Self.lambda) Task timed out after 10.00 seconds",
      "RequestId: \(Self.lambda) Error: Task timed out after 10.00 seconds",
    ] {
      let rows = errors([
        head + "function error: \(words). Lambda request id: \(Self.lambda)\n"
      ])
      #expect(rows.map(\.type) == ["customer function error"])
      #expect(rows.map(\.message) == ["Task timed out after 10.00 seconds"])
      #expect(rows.map(\.requestID?.description) == [Self.lambda])
      #expect(rows.map(\.gatewayRequestID) == ["Vwc2MGFUrPEFV_g="])
      #expect(rows.map(\.httpStatus) == [nil])
    }
  }

  @Test("requests that interleave keep their own lines")
  func interleaved() {
    let two = "ff9b27d7-8db1-4b48-a593-eb675ba0f564"
    let rows = errors([
      "(\(Self.one)) Execution failed due to a timeout error",
      "(\(two)) Execution failed due to configuration error: Rate Exceeded.",
      "(\(two)) Method completed with status: 500",
      "(\(Self.one)) Method completed with status: 504",
    ])
    #expect(rows.map(\.httpStatus) == [504, 500])
    #expect(rows.map(\.gatewayRequestID) == [Self.one, two])
  }

  @Test("a throttled function's reason is told where the body names it")
  func throttleReason() {
    let rows = errors([
      "(\(Self.one)) Endpoint response body before transformations: {\"Reason\":"
        + "\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\"}",
      "(\(Self.one)) Execution failed due to configuration error: Malformed Lambda proxy response",
    ])
    #expect(rows.map(\.message) == ["ReservedFunctionConcurrentInvocationLimitExceeded"])
  }

  @Test("the console's test output has a time instead of the id")
  func consoleTest() {
    let rows = errors([
      "Wed Feb 27 11:31:00 UTC 2019 : Execution failed due to a timeout error",
      "Wed Feb 27 11:31:00 UTC 2019 : Method completed with status: 504",
    ])
    #expect(rows.map(\.httpStatus) == [504])
    #expect(rows.map(\.gatewayRequestID) == [nil])
  }

  @Test(
    "lines that are none of a failed execution make no row",
    arguments: [
      "(\(one)) Successfully completed execution", "(\(one)) Method completed with status: 500",
      "(\(one)) Method completed with status: ", "(x) Execution failed due to a timeout error",
      "Execution failed due to a timeout error", "(\(one))", "(", "()",
      "(\(one)) Endpoint response body before transformations: {\"errorType\":\"X\"}",
      "203.0.113.9 - - [11/Feb/2026:14:10:00 +0000] \"GET /prod/echo HTTP/1.1\" 502 36 \(one)",
      "{\"requestId\":\"\(one)\",\"status\":\"502\",\"error_message\":\"\"Endpoint timed out\"\"}",
    ])
  func others(_ line: String) {
    #expect(errors([line]).isEmpty)
  }
}
