internal import InsightsText

/// The Model Context Protocol, independent of the transport.
///
/// Two eras are supported. In the revisions of 2025 a client begins with `initialize`, and the
/// transport keeps the negotiated revision. Since 2026 each request contains its revision in
/// `_meta`, and there is no state. One connection may carry both.
struct MCPServer: Sendable {
  static let name = "insights"

  /// The protocol's names in `_meta`.
  enum Meta {
    static let revision = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
    static let progressToken = "progressToken"
  }

  /// How a request is answered.
  enum Step: Sendable {
    case result(JSONObject)
    /// By a call that takes some time and can be cancelled.
    case call(MCPToolCall)
  }

  let service: LogService

  /// Returns the revision of a request.
  ///
  /// `agreed`: the negotiated revision, or the one from the transport; `nil` if there is none.
  ///
  /// - Throws: `JSONRPCError`, also for a method that exists in no revision.
  func revision(
    of request: JSONRPCRequest, agreed: MCPRevision?
  ) throws(JSONRPCError) -> MCPRevision {
    let meta = request.meta
    if let requested = meta[Meta.revision] {
      guard case .string(let requested) = requested else {
        throw JSONRPCError(.invalidParameters, "'\(Meta.revision)' has to be a string")
      }
      guard let revision = MCPRevision.stateless.first(where: { $0.rawValue == requested }) else {
        throw Self.unsupported(requested)
      }
      return try checked(revision, request)
    }
    if let agreed { return try checked(agreed, request) }
    if request.method == Method.initialize.rawValue || request.method == Method.ping.rawValue {
      return .newestWithHandshake
    }
    guard Method(rawValue: request.method) != nil else { throw Self.unknownMethod(request.method) }
    throw JSONRPCError(
      .invalidParameters,
      "'_meta' has to have '\(Meta.revision)' and '\(Meta.clientCapabilities)', unless 'initialize' "
        + "came before")
  }

  private func checked(
    _ revision: MCPRevision, _ request: JSONRPCRequest
  ) throws(JSONRPCError) -> MCPRevision {
    guard revision.isStateless else { return revision }
    for name in [Meta.revision, Meta.clientCapabilities] where request.meta[name] == nil {
      throw JSONRPCError(.invalidParameters, "'_meta' has to have '\(name)'")
    }
    guard request.meta[Meta.clientCapabilities]?.object != nil else {
      throw JSONRPCError(.invalidParameters, "'\(Meta.clientCapabilities)' has to be an object")
    }
    return revision
  }

  /// Returns how to answer a request, by the rules of its revision.
  ///
  /// - Throws: `JSONRPCError`.
  func step(
    for request: JSONRPCRequest, _ revision: MCPRevision
  ) throws(JSONRPCError) -> Step {
    guard let method = Method(rawValue: request.method), method.isPart(of: revision) else {
      throw Self.unknownMethod(request.method)
    }
    switch method {
    case .initialize: return .result(try initialize(request.parameters))
    case .ping: return .result(JSONObject())
    case .discover: return .result(completed(discovery, revision))
    case .listTools:
      guard request.parameters["cursor"] == nil else {
        throw JSONRPCError(.invalidParameters, "'cursor' is none that was given out")
      }
      return .result(completed(toolList(revision), revision))
    case .callTool: return .call(try toolCall(request, revision))
    }
  }

  enum Method: String, CaseIterable {
    case initialize
    case ping
    case discover = "server/discover"
    case listTools = "tools/list"
    case callTool = "tools/call"

    func isPart(of revision: MCPRevision) -> Bool {
      switch self {
      case .initialize, .ping: !revision.isStateless
      case .discover: revision.isStateless
      case .listTools, .callTool: true
      }
    }
  }

  /// Returns the revision that `initialize` negotiates: the requested one if supported, otherwise
  /// the newest supported one.
  static func agreement(on parameters: JSONObject) -> MCPRevision {
    let requested = parameters["protocolVersion"]?.string
    return MCPRevision.withHandshake.first { $0.rawValue == requested } ?? .newestWithHandshake
  }

  private func initialize(_ parameters: JSONObject) throws(JSONRPCError) -> JSONObject {
    guard parameters["protocolVersion"]?.string != nil else {
      throw JSONRPCError(.invalidParameters, "'protocolVersion' has to be a string")
    }
    return [
      "protocolVersion": .string(Self.agreement(on: parameters).rawValue),
      "capabilities": ["tools": ["listChanged": false]],
      "serverInfo": serverInfo, "instructions": .string(Self.instructions),
    ]
  }

  private var discovery: JSONObject {
    [
      "supportedVersions": .strings(MCPRevision.stateless.map(\.rawValue)),
      "capabilities": ["tools": .object(JSONObject())],
      "instructions": .string(Self.instructions),
      "ttlMs": .integer(Self.cacheLifetime), "cacheScope": "public",
    ]
  }

  private func toolList(_ revision: MCPRevision) -> JSONObject {
    var list: JSONObject = ["tools": .array(MCPToolRegistry.all.map { $0.declaration })]
    if revision.isStateless {
      list["ttlMs"] = .integer(Self.cacheLifetime)
      list["cacheScope"] = "public"
    }
    return list
  }

  /// How long clients may cache the list of tools, in milliseconds: an hour, since it depends only
  /// on the program.
  private static let cacheLifetime = 3_600_000

  private func toolCall(
    _ request: JSONRPCRequest, _ revision: MCPRevision
  ) throws(JSONRPCError) -> MCPToolCall {
    guard let name = request.parameters["name"]?.string else {
      throw JSONRPCError(.invalidParameters, "'name' has to be the name of a tool")
    }
    guard let tool = MCPToolRegistry.all.first(where: { $0.name == name }) else {
      let similar = EditDistance.suggestions(for: name, among: MCPToolRegistry.all.map { $0.name })
      throw JSONRPCError(
        .invalidParameters,
        "unknown tool '\(name)'; "
          + (similar.isEmpty
            ? "tools/list has those that there are"
            : "did you mean \(similar.map { "'\($0)'" }.joined(separator: " or "))?"))
    }
    guard case .object(let arguments) = request.parameters["arguments"] ?? .object(JSONObject())
    else { throw JSONRPCError(.invalidParameters, "'arguments' has to be an object") }
    var token = request.meta[Meta.progressToken]
    if token?.isRequestID == false { token = nil }
    return MCPToolCall(
      tool: tool, arguments: arguments, service: service, progressToken: token,
      finish: { completed($0, revision) })
  }

  /// Adds the members that every result of the revision has.
  private func completed(_ result: JSONObject, _ revision: MCPRevision) -> JSONObject {
    guard revision.isStateless else { return result }
    var whole: JSONObject = ["resultType": "complete"]
    whole.members += result.members
    whole["_meta"] = .object([Meta.serverInfo: serverInfo])
    return whole
  }

  private var serverInfo: JSONValue {
    ["name": .string(Self.name), "version": .string(service.options.version)]
  }

  /// Introduces the server to a model before its first call.
  private static let instructions = """
    Logs of AWS Lambda and API Gateway, kept in a local store and asked in the CloudWatch Logs \
    Insights query language. Nothing here reaches AWS, costs money or changes anything.

    When something failed, begin with 'triage': it says which HTTP status callers saw, why, on what \
    evidence, and what to change; 'request_story' tells all of one request. 'describe_log_groups' and \
    'describe_fields' say what there is to ask of, 'list_saved_queries' has queries that are ready, \
    'execute_log_insights_query' runs one of your own, 'check_query' explains what is wrong with it. \
    Logs may be old: 'describe_log_groups' says which times they cover; all times are UTC. \
    Results are bounded: where there is more, they say so and how to narrow the question.
    """

  static func unsupported(_ requested: String) -> JSONRPCError {
    JSONRPCError(
      .unsupportedRevision, "protocol version '\(requested)' is not supported",
      data: [
        "supported": .strings(MCPRevision.stateless.map(\.rawValue)),
        "requested": .string(requested),
      ])
  }

  private static func unknownMethod(_ method: String) -> JSONRPCError {
    JSONRPCError(.methodNotFound, "there is no method '\(method)'")
  }
}
