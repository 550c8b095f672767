/// Generates the requests of an incident and writes their logs.
struct IncidentWriter {
  private let options: Incident.Options
  private var random: SeededGenerator
  private(set) var requests: [IncidentTruth.Request] = []
  private var functions: [String: Function] = [:]
  private var gatewayLog = IncidentLog()

  /// The sandboxes of a function.
  private struct Function {
    var logs: [IncidentLog] = []
    /// When each becomes free, in epoch milliseconds.
    var freeAt: [Int64] = []
  }

  /// 2026-03-01 10:00 UTC.
  private static let begin: Int64 = 1_772_359_200_000

  init(_ options: Incident.Options) {
    self.options = options
    random = SeededGenerator(state: options.seed)
  }

  // MARK: Requests

  /// Generates all requests: first one of each outcome, as far as the number allows, then random
  /// ones.
  mutating func writeRequests() {
    let kinds = Incident.Fate.allCases.filter {
      $0 != .healthy && $0.occurs(behind: options.gateway)
    }
    var fates = Array(repeating: Incident.Fate.healthy, count: options.healthyRequests)
    for number in 0..<options.failedRequests {
      fates.append(
        number < kinds.count ? kinds[number] : kinds[Int.random(in: kinds.indices, using: &random)])
    }
    fates.shuffle(using: &random)
    requests.reserveCapacity(fates.count)
    var arrival = Self.begin
    for fate in fates {
      arrival += Int64.random(in: 20...280, using: &random)
      write(fate, at: arrival)
    }
  }

  private mutating func write(_ fate: Incident.Fate, at arrival: Int64) {
    var request = IncidentTruth.Request(
      fate: fate, id: uuid(), gatewayID: gatewayID(), start: arrival + 3, duration: 0,
      noticed: arrival)
    if fate.isInvoked {
      request.duration = duration(of: fate)
      writeInvocation(of: &request)
    }
    switch options.gateway {
    case .none: break
    case .rest: writeExecution(of: &request, at: arrival)
    case .http: writeAccess(of: &request, at: arrival)
    }
    requests.append(request)
  }

  private mutating func duration(of fate: Incident.Fate) -> Double {
    switch fate {
    case .stopped: 10_000
    case .abandoned: 31_000
    case .slow: Double(Int64.random(in: 31_000_00...33_000_00, using: &random)) / 100
    default: Double(Int64.random(in: 20_00...900_00, using: &random)) / 100
    }
  }

  /// A version 4 UUID.
  private mutating func uuid() -> String {
    func digits(_ number: UInt64) -> String {
      let text = String(number, radix: 16)
      return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
    let high = digits(random.next())
    let low = digits(random.next())
    return "\(high.prefix(8))-\(high.dropFirst(8).prefix(4))-4\(high.suffix(3))-a\(low.prefix(3))-"
      + low.suffix(12)
  }

  private mutating func gatewayID() -> String? {
    switch options.gateway {
    case .none: nil
    case .rest: uuid()
    case .http: String(random.next(), radix: 36).prefix(11) + "AAAAA="
    }
  }

  // MARK: Functions

  /// Takes a sandbox for an invocation that starts at `request.start`.
  private mutating func writeInvocation(of request: inout IncidentTruth.Request) {
    var function = functions[request.function] ?? Function()
    let index: Int
    if let free = function.freeAt.firstIndex(where: { $0 < request.start }) {
      index = free
    } else {
      index = function.logs.count
      function.logs.append(IncidentLog())
      function.freeAt.append(0)
      let initDuration = Double(Int64.random(in: 100_00...600_00, using: &random)) / 100
      request.initDuration = initDuration
      request.start += Int64(initDuration.rounded(.up))
    }
    request.noticed = request.end
    switch options.logFormat {
    case .text: function.logs[index].writeText(of: &request)
    case .json: function.logs[index].writeJSON(of: &request)
    }
    function.freeAt[index] = request.end
    functions[request.function] = function
  }

  // MARK: Gateways

  private mutating func writeExecution(of request: inout IncidentTruth.Request, at arrival: Int64) {
    guard let id = request.gatewayID else { return }
    let fate = request.fate
    let status = fate.status(behind: .rest)
    var end = request.fate.isInvoked ? request.end + 3 : arrival + 9
    func line(_ text: String, at time: Int64) { gatewayLog.append("(\(id)) \(text)", at: time) }
    let isCalled = fate.isInvoked || fate == .refused
    if isCalled {
      line(
        "Sending request to https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/"
          + "arn:aws:lambda:eu-west-1:123456789012:function:\(fate.function)/invocations",
        at: arrival)
    }
    switch fate {
    case .missingKey, .wrongType, .stopped, .outOfMemory:
      let message = fate == .stopped ? "Task timed out after 10.00 seconds" : "failed"
      line(
        "Lambda execution failed with status 200 due to customer function error: \(message). "
          + "Lambda request id: \(request.id)", at: end)
    case .slow, .abandoned:
      end = arrival + 29_000
      line("Execution failed due to a timeout error", at: end)
    case .malformed:
      line("Execution failed due to configuration error: Malformed Lambda proxy response", at: end)
    case .badRequest:
      line(
        "Request body does not match model schema for content type application/json: "
          + "[object has missing required properties ([\"isbn\"])]", at: end)
    case .forbidden: line("The client is not authorized to perform this operation.", at: end)
    case .refused:
      line("Execution failed due to configuration error: Rate Exceeded.", at: end)
    case .healthy, .declined, .refusedCall: break
    }
    line("Method completed with status: \(status)", at: end)
    let isAnswered = fate.isInvoked && fate != .slow && fate != .abandoned
    if isAnswered { line("AWS Integration Endpoint RequestId : \(request.id)", at: end) }
    notice(&request, gatewayEnd: end)
  }

  private mutating func writeAccess(of request: inout IncidentTruth.Request, at arrival: Int64) {
    guard let id = request.gatewayID else { return }
    let fate = request.fate
    let status = fate.status(behind: .http)
    let isLate = fate == .slow || fate == .abandoned
    let isAnswered = fate.isInvoked && !isLate
    let latency = isLate ? 30_003 : fate.isInvoked ? request.end + 3 - arrival : 9
    let integrationStatus =
      fate == .refused ? "429" : isLate ? "504" : isAnswered ? "200" : "-"
    let words = [400: "Bad Request", 403: "Forbidden", 503: "Service Unavailable"]
    gatewayLog.append(
      """
      {"requestId":"\(id)","ip":"198.51.100.7","requestTime":"01/Mar/2026:10:00:00 +0000",\
      "httpMethod":"GET","routeKey":"GET /\(fate.function)","status":"\(status)",\
      "protocol":"HTTP/1.1","responseLength":"52","integrationStatus":"\(integrationStatus)",\
      "integrationLatency":"\(isAnswered || isLate || fate == .refused ? String(latency) : "-")",\
      "integrationRequestId":"\(isAnswered ? request.id : "-")",\
      "errorMessage":"\(isAnswered ? "-" : words[status] ?? "-")"}
      """, at: arrival + latency)
    notice(&request, gatewayEnd: arrival + latency)
  }

  /// If no line of a function shows the failure, the gateway's last line counts.
  private func notice(_ request: inout IncidentTruth.Request, gatewayEnd: Int64) {
    switch request.fate {
    case .slow, .malformed, .badRequest, .forbidden, .refused: request.noticed = gatewayEnd
    default: break
    }
  }

  // MARK: Files

  /// The files, in order of their paths.
  var logs: [Incident.Log] {
    var logs: [Incident.Log] = []
    for (place, (name, function)) in functions.sorted(by: { $0.key < $1.key }).enumerated() {
      for (number, log) in function.logs.enumerated() {
        // Stream names are unique across functions, since without log groups equal names would be
        // one stream.
        let digits = String(place << 16 + number, radix: 16)
        let sandbox = String(repeating: "0", count: 32 - digits.utf8.count) + digits
        logs.append(
          Incident.Log(
            path: "\(name)/2026-03-01-[$LATEST]\(sandbox)/000000",
            logGroup: "/aws/lambda/\(name)", text: log.text))
      }
    }
    switch options.gateway {
    case .none: break
    case .rest:
      logs.append(
        Incident.Log(
          path: "api/execution/000000", logGroup: "API-Gateway-Execution-Logs_a1b2c3d4e5/prod",
          text: gatewayLog.text))
    case .http:
      logs.append(
        Incident.Log(
          path: "api/access/000000", logGroup: "/aws/apigateway/shop-http", text: gatewayLog.text))
    }
    return logs.sorted { $0.path < $1.path }
  }
}
