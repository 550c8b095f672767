internal import InsightsStore
internal import InsightsText

/// One request of a gateway in a few bytes; `GatewayRequest` is the full form.
struct GatewayRecord: Sendable {
  var id: RequestID
  var lambdaID: RequestID?
  /// The times of the first and the last line, and of the function's call, in epoch milliseconds.
  var first = FaultRecord.unknownTime
  var last = FaultRecord.unknownTime
  var sent = FaultRecord.unknownTime
  var facts = Facts()
  /// The number of its `Facts`; -1 until all lines were read.
  var kind: Int32 = -1
  /// The number of the called function in `LogOrigins`; -1 if unknown.
  var function: Int32 = -1
  /// Whether it was answered with 400 or more, or failed without a known status.
  var isFailure = false
  /// Whether it gave up waiting for its integration.
  var hasTimedOut = false
  /// Whether its lines contain the status.
  var hasStatus = false

  /// The properties that determine its cause, shared by many requests; numbers are those of
  /// `GatewayRecords`.
  struct Facts: Hashable, Sendable {
    var api = GatewayRequest.API.rest
    /// -1 if the log does not contain it.
    var status: Int32 = -1
    var function: Int32 = -1
    var route: Int32 = -1
    var logGroup: Int32 = -1
    var hasLambdaID = false
    /// Whether the integration took longer than an HTTP API waits.
    var isLate = false
    /// The first failures, in order; -1 for none.
    var failures = SIMD4<Int32>(repeating: -1)
  }

  var lambdaRequest: RequestKey { RequestKey(lambdaID) }

  fileprivate mutating func extend(to time: Int64?) {
    guard let time else { return }
    first = first == FaultRecord.unknownTime ? time : min(first, time)
    last = max(last, time)
  }
}

/// The requests of gateways that triage needs, combined from the lines of all their logs.
struct GatewayRecords {
  private typealias Phrases = AWSMessages.Gateway

  private(set) var requests: [GatewayRecord] = []
  private var numbers: [RequestID: Int] = [:]
  private var kinds = Interner<GatewayRecord.Facts>()
  private var names = Interner<String>()
  private var texts = Interner<String>()

  /// The maximum number of distinct failures that are kept in full; of others only the beginning.
  private static let textLimit = 10_000
  private static let lengthBeyondLimit = 60
  /// Replaces Lambda's request id in failures, which is unique to each request.
  private static let idMark = "\u{0}"

  func contains(_ id: RequestID) -> Bool { numbers[id] != nil }

  private mutating func number(of id: RequestID, logGroup: String?) -> Int {
    if let number = numbers[id] { return number }
    var record = GatewayRecord(id: id)
    record.facts.logGroup = logGroup.map { names.number(of: $0) } ?? -1
    numbers[id] = requests.count
    requests.append(record)
    return requests.count - 1
  }

  // MARK: Reading

  /// Adds a line of an execution log, without the id at its beginning.
  mutating func read(line: String, of id: RequestID, logGroup: String?, at time: Int64?) {
    let number = number(of: id, logGroup: logGroup)
    var request = requests[number]
    request.extend(to: time)
    if let status = line.value(after: "\(Phrases.completed)") {
      request.facts.status = Int32(status.prefix { $0.isASCII && $0.isNumber }) ?? -1
    } else if let method = line.value(after: "\(Phrases.method)", upTo: { $0 == "," }) {
      let path = line.value(after: "\(Phrases.path)")
      request.facts.route = names.number(
        of: [method, path].compactMap { $0 }.joined(separator: " "))
    } else if line.hasPrefix("\(Phrases.sending)") {
      request.sent = time ?? FaultRecord.unknownTime
      request.facts.function = FunctionName.inARN(line).map { names.number(of: $0) } ?? -1
    } else if let id = line.value(after: "\(Phrases.endpointRequestID) :") {
      request.lambdaID = RequestID(id)
    } else if !line.hasPrefix("\(Phrases.received)") {
      let lambdaID = line.value(after: "\(Phrases.lambdaRequestID)")
      if let lambdaID { request.lambdaID = RequestID(lambdaID) }
      add(failure: line, lambdaID: lambdaID, to: &request)
    }
    requests[number] = request
  }

  /// Adds what another log contains about a request.
  mutating func add(_ added: GatewayRequest) {
    let number = number(of: RequestID(added.id), logGroup: added.logGroup)
    var request = requests[number]
    if request.facts.api == .rest { request.facts.api = added.api }
    if request.facts.status < 0 { request.facts.status = added.status.map(Int32.init) ?? -1 }
    request.extend(to: added.first)
    request.extend(to: added.last)
    if request.sent == FaultRecord.unknownTime {
      request.sent = added.sent ?? FaultRecord.unknownTime
    }
    request.lambdaID = request.lambdaID ?? added.lambdaRequestID.map { RequestID($0) }
    if request.facts.function < 0, let function = added.function {
      request.facts.function = names.number(of: function)
    }
    if request.facts.route < 0, let route = added.route {
      request.facts.route = names.number(of: route)
    }
    if added.latency ?? 0 >= Fault.httpAPILimit { request.facts.isLate = true }
    for failure in added.failures {
      add(failure: failure, lambdaID: added.lambdaRequestID, to: &request)
    }
    requests[number] = request
  }

  private mutating func add(
    failure text: String, lambdaID: String?, to request: inout GatewayRecord
  ) {
    var text = lambdaID.map { text.replacing($0, with: Self.idMark) } ?? text
    if texts.values.count >= Self.textLimit { text = text.shortened(to: Self.lengthBeyondLimit) }
    let number = texts.number(of: text)
    for index in 0..<4 {
      if request.facts.failures[index] == number { return }
      if request.facts.failures[index] < 0 {
        request.facts.failures[index] = number
        return
      }
    }
  }

  // MARK: Results

  /// Determines the outcome of each request, after all lines were read.
  mutating func finish() {
    var outcomes: [(isFailure: Bool, hasTimedOut: Bool, hasStatus: Bool)] = []
    for index in requests.indices {
      requests[index].facts.hasLambdaID = requests[index].lambdaID != nil
      let kind = kinds.number(of: requests[index].facts)
      if kind == outcomes.count {
        let request = request(requests[index])
        outcomes.append(
          (
            request.inferredStatus.map { $0 >= 400 } ?? !request.failures.isEmpty,
            request.hasTimedOut, request.inferredStatus != nil
          ))
      }
      requests[index].kind = kind
      requests[index].isFailure = outcomes[Int(kind)].isFailure
      requests[index].hasTimedOut = outcomes[Int(kind)].hasTimedOut
      requests[index].hasStatus = outcomes[Int(kind)].hasStatus
    }
  }

  /// Sets the number of a request's function to the one used elsewhere.
  mutating func nameFunction(ofRequest index: Int, in origins: inout LogOrigins) {
    requests[index].function = origins.number(ofFunction: name(requests[index].facts.function))
  }

  /// Returns the name with a number, of a function or another object; `nil` for -1.
  func name(_ number: Int32) -> String? { number < 0 ? nil : names[number] }

  /// Returns a request in full.
  func request(_ record: GatewayRecord) -> GatewayRequest {
    func time(_ time: Int64) -> Int64? { time == FaultRecord.unknownTime ? nil : time }
    var request = GatewayRequest(
      id: record.id.description, logGroup: name(record.facts.logGroup))
    request.api = record.facts.api
    request.status = record.facts.status < 0 ? nil : Int(record.facts.status)
    request.first = time(record.first)
    request.last = time(record.last)
    request.sent = time(record.sent)
    request.lambdaRequestID = record.lambdaID?.description
    request.function = name(record.facts.function)
    request.route = name(record.facts.route)
    request.latency = record.facts.isLate ? Fault.httpAPILimit : nil
    for index in 0..<4 where record.facts.failures[index] >= 0 {
      request.failures.append(
        texts[record.facts.failures[index]].replacing(
          Self.idMark, with: request.lambdaRequestID ?? ""))
    }
    return request
  }
}

extension String {
  /// Returns the text with every occurrence of `text` replaced.
  fileprivate func replacing(_ text: String, with other: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.range(ofText: text) {
      result += rest[..<range.lowerBound]
      result += other
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
