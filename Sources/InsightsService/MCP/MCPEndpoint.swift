internal import InsightsText
internal import InsightsThreads

/// MCP over HTTP: each message is a separate `POST` ("streamable HTTP").
///
/// Callers are already authorized: the transport checks host, origin and token. There are no
/// sessions; closing the connection of a request cancels it.
public enum MCPEndpoint {
  /// The path of the endpoint.
  public static let path = "/mcp"
  /// The maximum size of a message in bytes.
  public static let bodyLimit = MCPStandardStreams.messageLimit

  /// Answers a request.
  public static func reply(to request: ServiceRequest, in service: LogService) -> Reply {
    var reply: Reply
    do throws(Refusal) {
      reply = try answer(request, MCPServer(service: service))
    } catch {
      reply = self.reply(error)
    }
    reply.operation = path
    return reply
  }

  /// Returns the reply for a request that is rejected before it is read.
  public static func refusal(_ message: String, status: Int) -> Reply {
    reply(Refusal(status: status, error: JSONRPCError(.invalidRequest, message)))
  }

  private struct Refusal: Error {
    var status: Int
    var id = JSONValue.null
    var error: JSONRPCError
  }

  private static func reply(_ refusal: Refusal) -> Reply {
    var reply = Reply.json(
      JSONRPCAnswer.error(refusal.error, id: refusal.id), status: refusal.status)
    if refusal.status == 405 { reply.headers.append(("allow", "POST")) }
    return reply
  }

  private static func answer(
    _ request: ServiceRequest, _ server: MCPServer
  ) throws(Refusal) -> Reply {
    guard request.method == "POST" else {
      throw Refusal(
        status: 405,
        error: JSONRPCError(.invalidRequest, "'\(path)' takes POST; there are no sessions"))
    }
    let type = request.header("content-type")?.split(separator: ";").first ?? ""
    guard type.lowercased() == "application/json" else {
      throw Refusal(
        status: 415,
        error: JSONRPCError(
          .invalidRequest, "the body has to be sent as Content-Type: application/json"))
    }
    let form = try ReplyForm(accept: request.header("accept"))
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: request.body)
    } catch {
      throw Refusal(
        status: 400, error: JSONRPCError(.parseError, "the body is no JSON at byte \(error.offset)")
      )
    }
    // A request without the header has the first revision, which had none.
    let header = request.header("mcp-protocol-version")
    let agreed: MCPRevision? =
      header == nil ? .march2025 : header.flatMap { MCPRevision(rawValue: $0) }
    if case .array(let messages) = value, agreed?.takesBatches == true, !messages.isEmpty {
      return try batchReply(messages, form, server)
    }
    let message: JSONRPCMessage
    do throws(JSONRPCMessage.Malformed) {
      message = try JSONRPCMessage(value)
    } catch {
      throw Refusal(status: 400, id: error.id, error: error.error)
    }
    guard case .request(let rpc) = message else {
      return Reply(status: 202, body: .bytes([]))
    }
    do throws(JSONRPCError) {
      if rpc.meta[MCPServer.Meta.revision] != nil {
        try checkHeaders(of: request, rpc)
      } else if let header, agreed == nil {
        throw MCPServer.unsupported(header)
      }
      let revision = try server.revision(of: rpc, agreed: agreed)
      switch try server.step(for: rpc, revision) {
      case .result(let result): return .json(JSONRPCAnswer.result(result, id: rpc.id))
      case .call(let call): return reply(by: call, id: rpc.id, form)
      }
    } catch {
      let isStateless = agreed?.isStateless ?? true || rpc.meta[MCPServer.Meta.revision] != nil
      throw Refusal(status: status(of: error, isStateless: isStateless), id: rpc.id, error: error)
    }
  }

  /// Returns the HTTP status of an error: 200 in the old era, where an error is a normal response;
  /// since then errors have their own status.
  private static func status(of error: JSONRPCError, isStateless: Bool) -> Int {
    guard isStateless else { return 200 }
    switch error.code {
    case .methodNotFound: return 404
    case .internalError: return 500
    default: return 400
    }
  }

  /// Checks that the headers for intermediaries match the body.
  private static func checkHeaders(
    of request: ServiceRequest, _ rpc: JSONRPCRequest
  ) throws(JSONRPCError) {
    func check(_ header: String, _ expected: JSONValue?) throws(JSONRPCError) {
      let values = request.headers.filter { $0.name == header.lowercased() }.map(\.value)
      guard values.count == 1, let value = values.first else {
        throw JSONRPCError(
          .headerMismatch,
          "the header \(header) is " + (values.isEmpty ? "missing" : "there more than once"))
      }
      guard let decoded = decoded(value), .string(decoded) == expected else {
        throw JSONRPCError(.headerMismatch, "the header \(header) is not what the body says")
      }
    }
    try check("MCP-Protocol-Version", rpc.meta[MCPServer.Meta.revision])
    try check("Mcp-Method", .string(rpc.method))
    if rpc.method == MCPServer.Method.callTool.rawValue, let name = rpc.parameters["name"] {
      try check("Mcp-Name", name)
    }
  }

  /// Returns the text of a header, which may be encoded: `=?base64?…?=`.
  private static func decoded(_ value: String) -> String? {
    let (start, end) = ("=?base64?", "?=")
    guard value.hasPrefix(start), value.hasSuffix(end),
      value.utf8.count >= start.utf8.count + end.utf8.count
    else { return value }
    var bytes: [UInt8] = []
    let text = Array(value.utf8.dropFirst(start.utf8.count).dropLast(end.utf8.count))
    let isValid = text.withUnsafeBufferPointer { Base64.appendDecoded($0, to: &bytes) }
    return isValid ? String(validating: bytes, as: UTF8.self) : nil
  }

  // MARK: Answering

  /// The form of a reply: one JSON document, or an event stream, which may contain notifications
  /// before the response.
  private struct ReplyForm {
    var takesJSON: Bool
    var takesEvents: Bool

    init(accept: String?) throws(Refusal) {
      let types = (accept ?? "*/*").lowercased().split(separator: ",").map { part in
        part.prefix { $0 != ";" }.filter { $0 != " " }
      }
      takesJSON = types.contains { ["application/json", "application/*", "*/*"].contains($0) }
      takesEvents = types.contains { ["text/event-stream", "text/*"].contains($0) }
      guard takesJSON || takesEvents else {
        throw Refusal(
          status: 406,
          error: JSONRPCError(
            .invalidRequest, "answers are application/json or text/event-stream"))
      }
    }

    func usesEvents(for call: MCPToolCall) -> Bool {
      takesEvents && (call.progressToken != nil || !takesJSON)
    }
  }

  private static func reply(by call: MCPToolCall, id: JSONValue, _ form: ReplyForm) -> Reply {
    guard form.usesEvents(for: call) else {
      return stream("application/json", cancelling: [call]) { stream in
        guard let result = call.run() else { return }
        _ = stream.write(JSONRPCAnswer.result(result, id: id).bytes)
      }
    }
    return stream("text/event-stream", cancelling: [call]) { stream in
      guard let result = call.run(report: { _ = stream.write(event($0)) }) else { return }
      _ = stream.write(event(JSONRPCAnswer.result(result, id: id)))
    }
  }

  /// Returns a streamed reply, whose calls are cancelled when the client disconnects.
  private static func stream(
    _ type: String, cancelling calls: [MCPToolCall],
    _ write: @escaping @Sendable (any ReplyStream) -> Void
  ) -> Reply {
    Reply(
      headers: [("content-type", type), ("x-accel-buffering", "no")],
      body: .stream { stream in
        stream.onClose { for call in calls { call.cancel() } }
        write(stream)
      })
  }

  private static func event(_ message: JSONValue) -> [UInt8] {
    Array("event: message\ndata: ".utf8) + message.bytes + Array("\n\n".utf8)
  }

  /// Processes the messages of an array in turn; returns their responses as an array.
  private static func batchReply(
    _ messages: [JSONValue], _ form: ReplyForm, _ server: MCPServer
  ) throws(Refusal) -> Reply {
    enum Answer: Sendable {
      case done(JSONValue)
      case call(MCPToolCall, id: JSONValue)
    }
    var answers: [Answer] = []
    for message in messages {
      do throws(JSONRPCMessage.Malformed) {
        guard case .request(let request) = try JSONRPCMessage(message) else { continue }
        do throws(JSONRPCError) {
          let revision = try server.revision(of: request, agreed: .march2025)
          switch try server.step(for: request, revision) {
          case .result(let result):
            answers.append(.done(JSONRPCAnswer.result(result, id: request.id)))
          case .call(let call): answers.append(.call(call, id: request.id))
          }
        } catch {
          answers.append(.done(JSONRPCAnswer.error(error, id: request.id)))
        }
      } catch {
        answers.append(.done(JSONRPCAnswer.error(error.error, id: error.id)))
      }
    }
    guard !answers.isEmpty else { return Reply(status: 202, body: .bytes([])) }
    let calls = answers.compactMap { answer -> MCPToolCall? in
      if case .call(let call, _) = answer { call } else { nil }
    }
    let usesEvents = !form.takesJSON
    return stream(usesEvents ? "text/event-stream" : "application/json", cancelling: calls) {
      [answers] stream in
      var results: [JSONValue] = []
      for answer in answers {
        switch answer {
        case .done(let answer): results.append(answer)
        case .call(let call, let id):
          guard let result = call.run() else { return }
          results.append(JSONRPCAnswer.result(result, id: id))
        }
      }
      _ = stream.write(usesEvents ? event(.array(results)) : JSONValue.array(results).bytes)
    }
  }
}
