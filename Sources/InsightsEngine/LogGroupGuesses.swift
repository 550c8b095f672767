internal import InsightsIngest
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText

extension Engine {
  /// The maximum number of gateway lines that are read; one request of a function is enough.
  private static let guessLimit = 2000

  /// A regex for the lines of an execution log that contain the called function, or Lambda's id of
  /// the request.
  private static let gatewayCallPattern = """
    /^\\([0-9a-f-]{36}\\) (\(AWSMessages.Gateway.sending) https:|\(AWSMessages.Gateway.endpointRequestID))/
    """

  /// Adds the likely log group to inputs of unknown group, if the store suggests one.
  ///
  /// A gateway's execution log contains the function that it calls and the id of the request there:
  /// an input with that request is the function's log. An input with requests of several functions
  /// gets no suggestion.
  func addLikelyLogGroups(to inputs: inout [UnnamedInput]) throws {
    guard inputs.contains(where: { $0.likelyLogGroup == nil }) else { return }
    let functions = try functionsOfGatewayRequests()
    guard !functions.isEmpty else { return }
    let requests = functions.keys.sorted()
    var found: [Int64: Set<String>] = [:]
    try RequestLineSearch(connection: store.connection).forEachLine(
      ofRequests: requests.map { RequestID($0) }
    ) { line in
      if let name = functions[requests[line.request]] {
        found[line.sourceID, default: []].insert(name)
      }
    }
    for index in inputs.indices where inputs[index].likelyLogGroup == nil {
      guard let names = found[inputs[index].sourceID], names.count == 1 else { continue }
      inputs[index].likelyLogGroup = names.first.map { FunctionName.groupPrefix + $0 }
    }
  }

  /// Returns the functions that gateways have called, by request id.
  private func functionsOfGatewayRequests() throws -> [String: String] {
    let source = SourceText(
      """
      filter @message like \(Self.gatewayCallPattern)
      | parse @message /^\\((?<gatewayId>[0-9a-f-]{36})\\) /
      | display gatewayId, @message | limit \(Self.guessLimit)
      """, name: "log group")
    let table = try answer(source, options: Binder.Options()).table
    var functions: [String: String] = [:]
    var requests: [String: String] = [:]
    for row in ResultRow.rows(of: table) {
      guard let id = row.text("gatewayId"), let line = row.text("@message") else { continue }
      if let name = FunctionName.inARN(line) {
        functions[id] = name
      } else if let request = line.value(after: "RequestId :") {
        requests[id] = request
      }
    }
    var result: [String: String] = [:]
    for (id, request) in requests {
      if let name = functions[id] { result[request] = name }
    }
    return result
  }
}
