import Glibc
import InsightsText
import InsightsThreads
import Testing

@testable import InsightsService

@Suite("MCP over lines")
struct MCPConnectionTests {
  /// A client that sends lines and gets lines.
  private final class Conversation: Sendable {
    private let received = Locked<[String]>([])
    private let connection: Locked<MCPConnection?> = Locked(nil)

    init() {
      let service = LogService(LogService.Options(storePath: "/nowhere/none.db", version: "9.9.9"))
      let connection = MCPConnection(MCPServer(service: service)) { [received] bytes in
        received.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
      }
      self.connection.withLock { $0 = connection }
    }

    /// The answers to a line, once nothing is worked on any more.
    func send(_ line: String) -> [JSONValue] {
      let connection = connection.withLock { $0 }
      received.withLock { $0 = [] }
      connection?.receive(Array(line.utf8))
      while connection?.isIdle == false { usleep(1000) }
      return received.withLock { $0 }.compactMap { try? JSONValue(parsing: Array($0.utf8)) }
    }

    /// The one answer to a line.
    func answer(_ line: String) throws -> JSONObject {
      let answers = send(line)
      try #require(answers.count == 1)
      return try #require(answers[0].object)
    }
  }

  private static let modern = """
    "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
    "io.modelcontextprotocol/clientCapabilities":{}}
    """

  /// A stateless request.
  private static func request(_ method: String, _ parameters: String = "") -> String {
    let all = [parameters, modern].filter { !$0.isEmpty }.joined(separator: ",")
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\(method)\",\"params\":{\(all)}}"
  }

  private static func initialize(_ version: String) -> String {
    """
    {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\(version)",\
    "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
    """
  }

  @Test(
    "A message that cannot be answered gets an error with its code and its id",
    arguments: [
      ("{\"jsonrpc\":\"2.0\",\"id\":1,", "null", -32700),
      ("nonsense", "null", -32700),
      ("17", "null", -32600),
      ("[]", "null", -32600),
      ("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", "null", -32600),
      ("{\"id\":1,\"method\":\"ping\"}", "1", -32600),
      ("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", "1", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", "null", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", "null", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}", "null", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1}", "1", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}", "1", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[1]}", "1", -32602),
      ("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/nope\"}", "\"a\"", -32601),
      // Without a handshake a request has to say what it is.
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", "1", -32602),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{}}", "1", -32602),
      (
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":\
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
        """, "1", -32602
      ),
      (
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":\
        {"io.modelcontextprotocol/protocolVersion":"2031-01-01",\
        "io.modelcontextprotocol/clientCapabilities":{}}}}
        """, "1", -32022
      ),
      (
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":\
        {"io.modelcontextprotocol/protocolVersion":7,\
        "io.modelcontextprotocol/clientCapabilities":{}}}}
        """, "1", -32602
      ),
      (request("ping"), "1", -32601),
      (request("initialize"), "1", -32601),
      (request("tools/list", "\"cursor\":\"x\""), "1", -32602),
      (request("tools/call"), "1", -32602),
      (request("tools/call", "\"name\":\"triag\""), "1", -32602),
      (request("tools/call", "\"name\":\"triage\",\"arguments\":[]"), "1", -32602),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}", "1", -32602),
    ])
  func errors(line: String, id: String, code: Int) throws {
    let answer = try Conversation().answer(line)
    #expect(answer["jsonrpc"] == "2.0")
    #expect(answer.members.first { $0.name == "id" }?.value.text == id)
    #expect(answer["error"]?.object?["code"] == JSONValue.integer(code))
    #expect(answer["error"]?.object?["message"]?.string?.isEmpty == false)
    #expect(answer["result"] == nil)
  }

  @Test("An unknown revision is told those that there are")
  func unsupportedRevision() throws {
    let answer = try Conversation().answer(
      """
      {"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":\
      {"io.modelcontextprotocol/protocolVersion":"1999-01-01",\
      "io.modelcontextprotocol/clientCapabilities":{}}}}
      """)
    #expect(
      answer["error"]?.object?["data"]
        == ["supported": ["2026-07-28"], "requested": "1999-01-01"])
  }

  @Test(
    "Notifications, answers and empty lines are not answered",
    arguments: [
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":99}}",
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard-of\"}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"\"}}",
      "", " \t\r",
    ])
  func silence(line: String) {
    #expect(Conversation().send(line).isEmpty)
  }

  @Test(
    "initialize agrees on the revision that is asked for, else on the newest of its era",
    arguments: [
      ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"),
      ("2026-07-28", "2025-11-25"), ("2099-01-01", "2025-11-25"),
    ])
  func agreement(requested: String, agreed: String) throws {
    let conversation = Conversation()
    let result = try #require(
      try conversation.answer(Self.initialize(requested))["result"]?.object)
    #expect(result["protocolVersion"] == JSONValue.string(agreed))
    #expect(result["capabilities"] == ["tools": ["listChanged": false]])
    #expect(result["serverInfo"] == ["name": "insights", "version": "9.9.9"])
    #expect(result["instructions"]?.string?.isEmpty == false)
    #expect(result["resultType"] == nil)
    let pong = try conversation.answer("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}")
    #expect(pong == ["jsonrpc": "2.0", "id": "p", "result": [:]])
    let list = try conversation.answer("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}")
    #expect(list["result"]?.object?.members.map(\.name) == ["tools"])
    let discovery = try conversation.answer(
      "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"server/discover\"}")
    #expect(discovery["error"]?.object?["code"] == -32601)
  }

  @Test("A stateless request is answered by its own rules, also after initialize")
  func stateless() throws {
    for opening in [nil, Self.initialize("2025-06-18")] {
      let conversation = Conversation()
      if let opening { _ = conversation.send(opening) }
      let discovery = try #require(
        try conversation.answer(Self.request("server/discover"))["result"]?.object)
      #expect(discovery["resultType"] == "complete")
      #expect(discovery["supportedVersions"] == ["2026-07-28"])
      #expect(discovery["capabilities"] == ["tools": [:]])
      #expect(discovery["cacheScope"] == "public")
      #expect(discovery["ttlMs"]?.integer ?? -1 >= 0)
      let serverInfo: JSONValue = ["name": "insights", "version": "9.9.9"]
      #expect(
        discovery["_meta"]?.object?["io.modelcontextprotocol/serverInfo"] == serverInfo)
      let list = try #require(
        try conversation.answer(Self.request("tools/list"))["result"]?.object)
      #expect(
        list.members.map(\.name) == ["resultType", "tools", "ttlMs", "cacheScope", "_meta"])
      #expect(list["tools"]?.array?.count == MCPToolRegistry.all.count)
    }
  }

  @Test("Several messages at once are of the revision of March 2025 only")
  func batches() throws {
    let batch = """
      [{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},\
      {"jsonrpc":"2.0","id":2,"method":"nope"},7,\
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"triage","arguments":{"x":1}}}]
      """
    let conversation = Conversation()
    _ = conversation.send(Self.initialize("2025-03-26"))
    let answers = conversation.send(batch)
    try #require(answers.count == 1)
    let ids = try #require(answers[0].array).map { $0.object?.members[1].value.text }
    #expect(ids == ["1", "2", "null", "3"])
    #expect(
      conversation.send("[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}]").isEmpty)
    let newer = Conversation()
    _ = newer.send(Self.initialize("2025-06-18"))
    #expect(try newer.answer(batch)["error"]?.object?["code"] == -32600)
  }

  @Test("A tool that cannot do it says why in its result, which is no error of the protocol")
  func toolErrors() throws {
    func text(_ name: String, _ arguments: String) throws -> String {
      let result = try Conversation().answer(
        """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\(name)",\
        "arguments":\(arguments),\(Self.modern)}}
        """)["result"]?.object
      #expect(result?["isError"] == true)
      #expect(result?["resultType"] == "complete")
      return try #require(result?["content"]?.array?.first?.object?["text"]?.string)
    }
    #expect(
      try text("triage", "{\"request\":1}")
        == "there is no 'request'; did you mean 'request_id'?")
    #expect(try text("request_story", "{}") == "'request_id' is missing")
    #expect(try text("request_story", "{\"request_id\":5}") == "'request_id' takes a string")
    #expect(
      try text("metrics", "{\"start_time\":\"yesterday\"}").hasPrefix(
        "'start_time' takes a time, not 'yesterday'"))
    #expect(try text("triage", "{}") == "the store cannot be read")
  }

  @Test("Lines are put together from pieces, and none is kept beyond the limit")
  func lineReading() {
    var reader = LineReader(limit: 5)
    var lines: [[UInt8]?] = []
    for piece in ["ab", "c\nd", "\n\n123456", "789\nxyz\n12345\nend"] {
      reader.take(Array(piece.utf8)[...]) { lines.append($0) }
    }
    reader.end { lines.append($0) }
    #expect(
      lines.map { $0.map { String(decoding: $0, as: UTF8.self) } }
        == ["abc", "d", "", nil, "xyz", "12345", "end"])
  }
}
