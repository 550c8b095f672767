import Foundation
import InsightsText
import Testing

@testable import InsightsService

@Suite("MCP over HTTP")
struct MCPEndpointTests {
  private static let service = LogService(
    LogService.Options(storePath: "/nowhere/none.db", version: "9.9.9"))

  private static let modernHeaders = [
    "mcp-protocol-version": "2026-07-28", "content-type": "application/json",
    "accept": "application/json, text/event-stream",
  ]

  private static func request(
    _ body: String, _ headers: [String: String?] = [:], method: String = "POST"
  ) -> ServiceRequest {
    var all = modernHeaders
    for (name, value) in headers { all[name] = value }
    return ServiceRequest(
      method: method, path: "/mcp", headers: all.map { (name: $0.key, value: $0.value) },
      body: Array(body.utf8))
  }

  /// The status, the type and the body of a reply.
  private static func answer(
    _ body: String, _ headers: [String: String?] = [:], method: String = "POST"
  ) -> (status: Int, type: String, body: String) {
    let reply = MCPEndpoint.reply(to: request(body, headers, method: method), in: service)
    let type = reply.headers.first { $0.name == "content-type" }?.value ?? ""
    return (reply.status, type, reply.text)
  }

  private static func rpc(
    _ method: String, _ parameters: String = "", version: String? = "2026-07-28"
  ) -> String {
    let meta = version.map {
      """
      "_meta":{"io.modelcontextprotocol/protocolVersion":"\($0)",\
      "io.modelcontextprotocol/clientCapabilities":{},"progressToken":7}
      """
    }
    let all = [parameters, meta ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\(method)\",\"params\":{\(all)}}"
  }

  private static let triage = rpc("tools/call", "\"name\":\"triage\"")

  @Test(
    "Headers have to say what the body says",
    arguments: [
      (rpc("tools/list"), ["mcp-method": "tools/list"], 200, nil),
      (rpc("server/discover"), ["mcp-method": "server/discover"], 200, nil),
      (rpc("tools/list"), [:], 400, -32020),
      (rpc("tools/list"), ["mcp-method": "tools/call"], 400, -32020),
      (rpc("tools/list"), ["mcp-method": "Tools/List"], 400, -32020),
      (rpc("tools/list"), ["mcp-method": "tools/list", "mcp-protocol-version": nil], 400, -32020),
      (
        rpc("tools/list"), ["mcp-method": "tools/list", "mcp-protocol-version": "2025-11-25"], 400,
        -32020
      ),
      (triage, ["mcp-method": "tools/call", "mcp-name": "triage"], 200, nil),
      (triage, ["mcp-method": "tools/call", "mcp-name": "=?base64?dHJpYWdl?="], 200, nil),
      (triage, ["mcp-method": "tools/call", "mcp-name": "=?base64?dHJpYWdf?="], 400, -32020),
      (triage, ["mcp-method": "tools/call", "mcp-name": "=?base64?%%%?="], 400, -32020),
      (triage, ["mcp-method": "tools/call"], 400, -32020),
      (triage, ["mcp-method": "tools/call", "mcp-name": "metrics"], 400, -32020),
      // Errors of the stateless era have a status of their own.
      (rpc("nope"), ["mcp-method": "nope"], 404, -32601),
      (rpc("ping"), ["mcp-method": "ping"], 404, -32601),
      (rpc("tools/list", version: nil), ["mcp-method": "tools/list"], 400, -32602),
      (
        rpc("tools/call", "\"name\":\"triag\""), ["mcp-method": "tools/call", "mcp-name": "triag"],
        400, -32602
      ),
      (
        rpc("tools/list", version: "2031-01-01"),
        ["mcp-method": "tools/list", "mcp-protocol-version": "2031-01-01"], 400, -32022
      ),
      (rpc("tools/list", version: nil), ["mcp-protocol-version": "2031-01-01"], 400, -32022),
      ("{\"jsonrpc\":\"2.0\",\"id\":1", [:], 400, -32700),
      ("[\(rpc("tools/list"))]", ["mcp-method": "tools/list"], 400, -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"tools/list\"}", [:], 400, -32600),
      // Before, they are answers like any other.
      (rpc("tools/list", version: nil), ["mcp-protocol-version": "2025-11-25"], 200, nil),
      (rpc("ping", version: nil), ["mcp-protocol-version": "2025-06-18"], 200, nil),
      (rpc("ping", version: nil), ["mcp-protocol-version": nil], 200, nil),
      (rpc("nope", version: nil), ["mcp-protocol-version": "2025-11-25"], 200, -32601),
      (
        rpc("tools/call", "\"name\":\"triag\"", version: nil),
        ["mcp-protocol-version": "2025-11-25"], 200, -32602
      ),
    ] as [(String, [String: String?], Int, Int?)])
  func headers(body: String, headers: [String: String?], status: Int, code: Int?) throws {
    let answer = Self.answer(body, headers)
    #expect(answer.status == status)
    // A call with a token for its progress is answered by events.
    guard answer.type == "application/json" else { return }
    let json = try #require(try JSONValue(parsing: Array(answer.body.utf8)).object)
    #expect(json["error"]?.object?["code"]?.integer.map { Int($0) } == code)
  }

  @Test("GET and DELETE are refused with what is allowed, as there are no sessions")
  func methods() {
    for method in ["GET", "DELETE", "PUT"] {
      let reply = MCPEndpoint.reply(to: Self.request("", method: method), in: Self.service)
      #expect(reply.status == 405)
      #expect(reply.headers.contains { $0 == ("allow", "POST") })
    }
  }

  @Test("Notifications and answers are taken without a body")
  func notifications() {
    for body in [
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
    ] {
      let answer = Self.answer(body)
      #expect(answer.status == 202)
      #expect(answer.body.isEmpty)
    }
  }

  @Test("The body has to be JSON, and the client has to take an answer")
  func types() {
    #expect(Self.answer(Self.rpc("tools/list"), ["content-type": "text/plain"]).status == 415)
    #expect(Self.answer(Self.rpc("tools/list"), ["content-type": nil]).status == 415)
    #expect(Self.answer(Self.rpc("tools/list"), ["accept": "text/html"]).status == 406)
    let headers = ["mcp-method": "tools/list", "accept": "*/*"]
    #expect(Self.answer(Self.rpc("tools/list"), headers).status == 200)
  }

  @Test("Progress makes the answer a stream of events, which ends with the answer")
  func events() throws {
    let headers = ["mcp-method": "tools/call", "mcp-name": "triage"]
    let answer = Self.answer(Self.triage, headers)
    #expect(answer.type == "text/event-stream")
    let events = answer.body.components(separatedBy: "\n\n").filter { !$0.isEmpty }
    let messages = try events.map { event in
      #expect(event.hasPrefix("event: message\ndata: {"))
      return try #require(
        try JSONValue(parsing: Array(event.dropFirst("event: message\ndata: ".count).utf8)).object)
    }
    #expect(messages.first?["method"] == "notifications/progress")
    #expect(messages.first?["params"]?.object?["progressToken"] == 7)
    #expect(messages.last?["id"] == 1)
    #expect(messages.last?["result"]?.object?["isError"] == true)
    let plain = Self.answer(
      Self.triage, headers.merging(["accept": "application/json"]) { $1 })
    #expect(plain.type == "application/json")
  }

  @Test("Several messages at once are answered at once where no revision is said")
  func batches() throws {
    let answer = Self.answer(
      "[\(Self.rpc("ping", version: nil)),\(Self.rpc("nope", version: nil)),5]",
      ["mcp-protocol-version": nil])
    #expect(answer.status == 200)
    let answers = try #require(try JSONValue(parsing: Array(answer.body.utf8)).array)
    #expect(answers.count == 3)
    #expect(answers[1].object?["error"]?.object?["code"] == -32601)
    #expect(answers[2].object?["error"]?.object?["code"] == -32600)
  }
}
