internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// A tool that a model may call.
///
/// A new one is a file in `Tools/` and a line in `MCPToolRegistry`. Tools are read-only.
protocol MCPTool: Sendable {
  static var name: String { get }
  static var title: String { get }
  /// Explains to a model what the tool does and when to use it.
  static var description: String { get }
  static var arguments: [JSONSchema.Member] { get }
  /// The members of its result.
  static var output: [JSONSchema.Member] { get }

  /// Runs the tool, on a thread that may block; the arguments have been validated.
  ///
  /// - Throws: `MCPToolError`, and errors of engine, store and API.
  static func result(of call: MCPToolCall) throws -> JSONObject
}

extension MCPTool {
  /// Models send `null` for omitted arguments.
  static var inputSchema: JSONSchema {
    .object(
      arguments.map { argument in
        guard !argument.isRequired else { return argument }
        return .optional(argument.name, argument.schema.orNull)
      })
  }

  static var declaration: JSONValue {
    [
      "name": .string(name), "title": .string(title), "description": .string(description),
      "inputSchema": inputSchema.json, "outputSchema": JSONSchema.object(output).json,
      "annotations": [
        "title": .string(title), "readOnlyHint": true, "destructiveHint": false,
        "idempotentHint": true, "openWorldHint": false,
      ],
    ]
  }
}

/// A tool has no result; the text says what to do instead.
struct MCPToolError: Error {
  var text: String
  /// Structured content for programs, if the tool's result type allows it.
  var structured: JSONObject?

  init(_ message: String, help: [String] = [], structured: JSONObject? = nil) {
    text = ([message] + help.map { "help: \($0)" }).joined(separator: "\n")
    self.structured = structured
  }
}

/// One call of a tool.
struct MCPToolCall: Sendable {
  let tool: any MCPTool.Type
  let arguments: JSONObject
  let service: LogService
  /// The client's token for progress notifications; `nil` if it wants none.
  let progressToken: JSONValue?
  /// Adds the members that the protocol's revision requires.
  let finish: @Sendable (JSONObject) -> JSONObject
  /// The cancellation and progress of the engine's work.
  let context: ExecutionContext
  /// The client no longer needs the result.
  let isCancelled = OneTimeEvent()

  init(
    tool: any MCPTool.Type, arguments: JSONObject, service: LogService, progressToken: JSONValue?,
    finish: @escaping @Sendable (JSONObject) -> JSONObject
  ) {
    self.tool = tool
    self.arguments = arguments
    self.service = service
    self.progressToken = progressToken
    self.finish = finish
    let deadline = service.options.timeout.map { ContinuousClock.now + $0 }
    context = ExecutionContext(cancellation: Cancellation(deadline: deadline))
  }

  /// Runs the call; returns its result, which may be an error of the tool, or `nil` if it was
  /// cancelled.
  ///
  /// `report` is called with progress notifications, on another thread, if the client requested
  /// them.
  func run(report: @escaping @Sendable (JSONValue) -> Void = { _ in }) -> JSONObject? {
    let progress = progressToken.map {
      MCPProgress(token: $0, of: context, in: service, report: report)
    }
    let result: JSONObject
    do {
      if let fault = tool.inputSchema.fault(in: .object(arguments), at: "") {
        throw MCPToolError(fault)
      }
      let structured = try tool.result(of: self)
      result = Self.content(text: JSONValue.object(structured).text, structured, isError: false)
    } catch {
      progress?.stop()
      guard !isCancelled.hasHappened else { return nil }
      let error = MCPToolError(error)
      result = Self.content(text: error.text, error.structured, isError: true)
    }
    progress?.end()
    return isCancelled.hasHappened ? nil : finish(result)
  }

  private static func content(
    text: String, _ structured: JSONObject?, isError: Bool
  ) -> JSONObject {
    var result: JSONObject = ["content": [["type": "text", "text": .string(text)]]]
    result["structuredContent"] = structured.map { .object($0) }
    result["isError"] = .bool(isError)
    return result
  }

  /// Cancels the call; its result is discarded.
  func cancel() {
    context.cancel()
    isCancelled.happen()
  }

  // MARK: What tools ask for

  func string(_ name: String) -> String? { arguments[name]?.string }
  func integer(_ name: String) -> Int? { arguments[name]?.integer.map { Int($0) } }
  func strings(_ name: String) -> [String]? { arguments[name]?.array?.compactMap(\.string) }

  /// Returns an argument that the tool declares as required.
  func required(_ name: String) -> String { string(name) ?? "" }

  /// Calls `body` with an engine that stops with the call.
  ///
  /// - Throws: what `body` throws, and `StoreError`.
  func withEngine<Value>(_ body: (Engine) throws -> Value) throws -> Value {
    try service.engines.withEngine(context, body)
  }
}

extension MCPToolError {
  /// Converts any error of a result.
  init(_ error: any Error) {
    switch error {
    case let error as MCPToolError: self = error
    case let error as QueryError: self.init(error)
    case let error as StoreError:
      switch error {
      case .timedOut:
        self.init(
          error.explanation,
          help: ["narrow the range of time or the log groups, or filter before other commands"])
      case .limitReached, .memoryLimitExceeded, .patternTooExpensive:
        self.init(
          error.explanation, help: ["narrow the range of time, or filter and aggregate more"])
      default: self.init(error.explanation)
      }
    case let error as AWSError: self.init(error.message)
    case let error as APIError: self.init(error.message, help: error.help)
    case let error as ParameterError: self.init(error.explanation)
    default: self.init("internal error: \(error)")
    }
  }

  /// The query with a caret under each error.
  init(_ error: QueryError) {
    self.init(
      DiagnosticRenderer().render(error.diagnostics, of: error.source))
  }
}
