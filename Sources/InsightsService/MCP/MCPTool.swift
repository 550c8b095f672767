internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// A tool that a model may call.
///
/// A file in `Tools/` and a line in `MCPToolRegistry`. None changes anything.
protocol MCPTool: Sendable {
  static var name: String { get }
  static var title: String { get }
  /// What it is for and when to use it, for a model.
  static var description: String { get }
  static var arguments: [JSONSchema.Member] { get }
  /// The members of its result.
  static var output: [JSONSchema.Member] { get }

  /// Carries the tool out, on a thread that may block. The arguments are of the declared kinds.
  ///
  /// - Throws: `MCPToolError`, and what engine, store and API throw.
  static func result(of call: MCPToolCall) throws -> JSONObject
}

extension MCPTool {
  /// Models write `null` for what they leave out.
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

/// Why a tool has no result: a text that says what to do instead.
struct MCPToolError: Error {
  var text: String
  /// What programs get beside the text, where the tool's results have a form for it.
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
  /// What a client wants to be told its progress under.
  let progressToken: JSONValue?
  /// Adds what the revision of the protocol wants.
  let finish: @Sendable (JSONObject) -> JSONObject
  /// What stops the work of an engine, and how far it is.
  let context: ExecutionContext
  /// The client does not want the result any more.
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

  /// The result, an error of the tool included; `nil` where the call was cancelled.
  ///
  /// `report` is told of progress, on another thread, where the client wants to know.
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

  /// Ends the call, whose result nobody gets.
  func cancel() {
    context.cancel()
    isCancelled.happen()
  }

  // MARK: What tools ask for

  func string(_ name: String) -> String? { arguments[name]?.string }
  func integer(_ name: String) -> Int? { arguments[name]?.integer.map { Int($0) } }
  func strings(_ name: String) -> [String]? { arguments[name]?.array?.compactMap(\.string) }

  /// An argument that the tool declares as required.
  func required(_ name: String) -> String { string(name) ?? "" }

  /// An engine over the store, which stops when the call does.
  ///
  /// - Throws: `StoreError`.
  func engine() throws(StoreError) -> Engine {
    try Engine(
      readingStoreAt: service.options.storePath,
      waiting: Waiting(cancellation: context.cancellation), context: context)
  }
}

extension MCPToolError {
  /// What went wrong on the way to a result.
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

  /// The query with a caret under what is wrong with it.
  init(_ error: QueryError) {
    self.init(
      DiagnosticRenderer().render(error.diagnostics, of: error.source))
  }
}
