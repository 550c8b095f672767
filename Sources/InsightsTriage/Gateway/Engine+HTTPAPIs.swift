internal import InsightsEngine
internal import InsightsModel
internal import InsightsSQLite
internal import InsightsStore
internal import InsightsText

extension Engine {
  /// A regex that matches events of an HTTP API.
  static let httpEventPattern = "/\"routeKey\" ?: ?\"/"

  /// The number of an HTTP API's logged requests that are used to find its functions.
  private static let requestSampleSize = 2000

  /// Returns the functions that seem to be behind an HTTP API.
  ///
  /// The API's access log contains their requests, or they log events in its payload format.
  func functionsBehindHTTPAPIs(
    in range: TimeRange, hasEvents: Bool
  ) throws -> Set<String> {
    var functions: Set<String> = []
    if try hasAccessRecords() {
      var ids: Set<RequestKey> = []
      try forEachRow(
        of: """
          filter \(GatewayRequest.isAccessRecord) and ispresent(routeKey) and not ispresent(connectionId)
          | filter integrationRequestId like /^[0-9a-f-]{36}$/
          | display integrationRequestId | limit \(Self.requestSampleSize)
          """, in: range
      ) { ids.insert(RequestKey(RequestID($0.bytes(at: 0)))) }
      var streams: Set<Int64> = []
      if !ids.isEmpty {
        try store.forEachInvocation(ofRequestsWhere: { ids.contains(RequestKey($0)) }) {
          streams.insert($0.streamID)
        }
      }
      for stream in streams {
        let names = try store.names(ofStream: stream)
        if let name = FunctionName.of(logGroup: names.logGroup, logStream: names.logStream) {
          functions.insert(name)
        }
      }
    }
    guard hasEvents else { return functions }
    let logs = try rows(
      of: """
        filter @message like \(Self.httpEventPattern) and @message like /"requestContext" ?:/
            and @message not like /\\.lambda-url\\.|"connectionId" ?:/
        | stats count(*) as events by @log
        """, in: range)
    functions.formUnion(
      logs.compactMap { FunctionName.of(logGroup: $0.text("@log")?.logGroupOfLog, logStream: nil) })
    return functions
  }
}
