/// Brings together what several logs tell of the same request.
///
/// Add invocations first, then errors, then throttles, then gateway requests: each finds its place
/// among what is there, or makes a fault of its own.
struct FaultAssembler {
  private(set) var faults: [Fault] = []
  /// Faults that were dropped because the gateway answered the request well.
  private(set) var answeredWellCount = 0

  private let gatewayTimeout: Double
  private let functionsBehindHTTPAPIs: Set<String>
  /// Where the faults of a request are.
  private var positions: [String: [Int]] = [:]
  /// Where the faults of a log stream are.
  private var positionsByStream: [Stream: [Int]] = [:]

  private struct Stream: Hashable {
    var group: String?
    var name: String?
  }

  init(gatewayTimeout: Double, functionsBehindHTTPAPIs: Set<String>) {
    self.gatewayTimeout = gatewayTimeout
    self.functionsBehindHTTPAPIs = functionsBehindHTTPAPIs
  }

  /// The requests of the faults so far.
  var requestIDs: Set<String> { Set(faults.compactMap(\.requestID)) }

  private mutating func append(_ fault: Fault) {
    var fault = fault
    if let function = fault.function, functionsBehindHTTPAPIs.contains(function) {
      fault.isBehindHTTPAPI = true
    }
    if fault.gateway?.api == .http { fault.isBehindHTTPAPI = true }
    if let id = fault.requestID { positions[id, default: []].append(faults.count) }
    faults.append(fault)
  }

  private func fault() -> Fault { Fault(gatewayTimeout: gatewayTimeout) }

  // MARK: Invocations

  mutating func add(invocations: [InvocationFact]) {
    // What has no end is no failure yet: that its outcome is unknown is told elsewhere.
    for invocation in invocations where invocation.status != "incomplete" {
      let stream = Stream(group: invocation.logGroup, name: invocation.logStream)
      positionsByStream[stream, default: []].append(faults.count)
      var fault = fault()
      fault.invocation = invocation
      append(fault)
    }
  }

  // MARK: Errors

  /// Milliseconds between the end of an invocation and lines that still belong to it.
  private static let slack: Int64 = 2000

  /// Milliseconds between the failed init of a sandbox and the request that fails of it.
  private static let initSlack: Int64 = 60_000

  mutating func add(errors: [ErrorFact]) {
    var logged: Set<String> = []
    for error in errors {
      if let position = position(of: error) {
        // What the runtime or Lambda says decides; of several the last one, which ended it.
        if faults[position].error.map({ $0.kind == "logged" || error.kind != "logged" }) ?? true {
          faults[position].error = error
        }
        continue
      }
      if let id = error.requestID {
        // One request that logs the same fault again and again failed once.
        let key = "\(id) \(error.fingerprint ?? "")"
        guard logged.insert(key).inserted else { continue }
      }
      var fault = fault()
      fault.error = error
      append(fault)
    }
  }

  /// The failed or slow invocation that an error belongs to.
  private func position(of error: ErrorFact) -> Int? {
    guard let id = error.requestID else { return positionOfFailedInit(error) }
    return positions[id]?.last { index in
      guard let invocation = faults[index].invocation, invocation.logGroup == error.logGroup
      else { return false }
      guard let time = error.timestamp, let start = invocation.start else { return true }
      // An init fails before the START that it is charged to.
      let end = (invocation.lastMoment ?? start) &+ Self.slack
      return time >= start &- Self.initSlack && time <= end
    }
  }

  /// The request that failed of an init that failed before it.
  private func positionOfFailedInit(_ error: ErrorFact) -> Int? {
    guard error.kind != "logged", let time = error.timestamp else { return nil }
    let stream = Stream(group: error.logGroup, name: error.logStream)
    // Invocations are in order of time: the first that starts behind the error is what failed of it.
    let candidates = positionsByStream[stream] ?? []
    let index = candidates.partitioningIndex { faults[$0].invocation?.start ?? .min >= time }
    guard index < candidates.count, let invocation = faults[candidates[index]].invocation,
      let start = invocation.start, start - time <= Self.initSlack,
      invocation.errorType == error.type
    else { return nil }
    return candidates[index]
  }

  // MARK: Throttles

  mutating func add(throttles: [ThrottleLine]) {
    for throttle in throttles {
      let key = throttle.requestID.flatMap { positions[$0] } ?? []
      // The traceback of a refused call, and the warning that was logged with it, are one call.
      guard
        !key.contains(where: { index in
          faults[index].throttle != nil || faults[index].error?.isThrottle == true
        })
      else { continue }
      var fault = fault()
      fault.throttle = throttle
      append(fault)
    }
  }

  // MARK: Gateway

  /// Adds what the gateway says.
  ///
  /// `invocations` are those of requests that failed for the gateway only.
  mutating func add(gatewayRequests: [GatewayRequest], invocations: [InvocationFact]) {
    let invocations = Dictionary(
      invocations.compactMap { invocation in invocation.requestID.map { ($0, invocation) } },
      uniquingKeysWith: { _, last in last })
    var well: Set<Int> = []
    for request in gatewayRequests {
      let isFailure = request.inferredStatus.map { $0 >= 400 } ?? !request.failures.isEmpty
      let candidates =
        request.lambdaRequestID.flatMap { positions[$0] } ?? unnamedRequest(request).map { [$0] }
        ?? []
      guard isFailure else {
        // The gateway's own status wins: the caller got a good answer.
        for index in candidates where faults[index].isOver { well.insert(index) }
        for index in candidates where !faults[index].isOver {
          if faults[index].throttle == nil { faults[index].gateway = request }
        }
        continue
      }
      // Of several errors that one request logged, the last one was answered.
      if let index = candidates.last {
        faults[index].gateway = request
        if request.api == .http { faults[index].isBehindHTTPAPI = true }
        well.formUnion(candidates.dropLast().filter { faults[$0].isOver })
      } else {
        var fault = fault()
        fault.gateway = request
        fault.invocation = request.lambdaRequestID.flatMap { invocations[$0] }
        append(fault)
      }
    }
    answeredWellCount = well.count { index in
      faults[index].gateway == nil
    }
    faults = faults.enumerated().filter { !well.contains($0.offset) }.map(\.element)
    positions = [:]
  }

  /// The slow invocation that a request of the gateway waited for, whose id the gateway does not
  /// know as it never got an answer.
  private func unnamedRequest(_ request: GatewayRequest) -> Int? {
    guard request.lambdaRequestID == nil, let sent = request.sent, let last = request.last else {
      return nil
    }
    let candidates = faults.indices.filter { index in
      let fault = faults[index]
      guard let invocation = fault.invocation, fault.gateway == nil, let start = invocation.start,
        let end = invocation.lastMoment, start >= sent - 100, start <= last, end >= last - 100
      else { return false }
      if let function = request.function { return invocation.function == function }
      // An access log names no function: one behind such an API that was called in that second.
      return request.api == .http && fault.isBehindHTTPAPI && start <= sent + 1000
    }
    return candidates.min {
      (faults[$0].invocation?.start ?? 0) < (faults[$1].invocation?.start ?? 0)
    }
  }
}

extension Fault {
  /// Whether it is none when the gateway says that the caller got a good answer: the function ended
  /// well, only late or with an error that it handled.
  fileprivate var isOver: Bool {
    guard throttle == nil, error?.isThrottle != true else { return false }
    return invocation.map { $0.status == "success" } ?? (error?.kind == "logged")
  }
}

extension [Int] {
  /// The first index whose element is true, given that all behind it are.
  fileprivate func partitioningIndex(_ isBehind: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension GatewayRequest {
  /// Requests that are in the execution log and in the access log become one.
  static func merged(_ requests: [GatewayRequest]) -> [GatewayRequest] {
    var merged: [GatewayRequest] = []
    var positions: [String: Int] = [:]
    for request in requests {
      if let position = positions[request.id] {
        merged[position].merge(request)
      } else {
        positions[request.id] = merged.count
        merged.append(request)
      }
    }
    return merged
  }
}
