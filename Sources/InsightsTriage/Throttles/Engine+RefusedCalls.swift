package import InsightsEngine
package import InsightsModel
internal import InsightsStore

extension Engine {
  /// Calls `body` for each call that Lambda refused in a range, with the function to charge and the
  /// time.
  ///
  /// The function is the called one if the caller's or the gateway's log names it, otherwise the
  /// caller; it is empty if neither is known. Several lines of one request about its refused call
  /// count once. Access logs do not contain the function, so only triage counts their refused
  /// calls.
  ///
  /// `logGroups` are globs; empty for all. The time is in epoch milliseconds; `nil` if the line has
  /// none.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  package func forEachRefusedCall(
    in timeRange: TimeRange, logGroups: [String],
    _ body: (_ function: String, _ time: Int64?) -> Void
  ) throws {
    let options = TriageOptions(timeRange: timeRange, logGroups: logGroups)
    var assembler = FaultAssembler()
    // Other errors contain nothing about refused calls.
    let errors = try store.hasThrottlingErrors() ? errors(options, into: &assembler) : []
    let requests = try requests(ofThrottlesAmong: errors, assembler)
    let lines = try throttles(options, requests: requests, into: &assembler)
    assembler.add(throttles: lines)
    let onlyCalled = assembler.onlyCalled
    for line in assembler.throttles {
      let function =
        assembler.throttleClasses[line.kind].called ?? onlyCalled[line.origin.function]
        ?? assembler.origins.function(line.origin.function)
      body(function ?? "", line.time == FaultRecord.unknownTime ? nil : line.time)
    }
    var gateways = GatewayRecords()
    try readExecutionLogs(in: timeRange, isWanted: { _ in false }, into: &gateways)
    gateways.finish()
    var isThrottle: [Int32: Bool] = [:]
    for record in gateways.requests {
      let isRefused: Bool
      if let known = isThrottle[record.kind] {
        isRefused = known
      } else {
        isRefused = gateways.request(record).isThrottled
        isThrottle[record.kind] = isRefused
      }
      guard isRefused else { continue }
      body(
        gateways.name(record.facts.function) ?? "",
        record.last == FaultRecord.unknownTime ? nil : record.last)
    }
  }
}
