internal import InsightsModel
internal import InsightsStore

/// Combines the records of several logs about the same request.
///
/// Add invocations first, then errors, then throttles, then gateway requests: each is assigned to
/// an existing fault, or becomes a fault of its own. A record takes some dozens of bytes.
struct FaultAssembler {
  private(set) var faults: [FaultRecord] = []
  private(set) var suspects: [SuspectRecord] = []
  private(set) var throttles: [ThrottleRecord] = []
  private(set) var gateways: [GatewayRecord] = []
  var origins = LogOrigins()
  var suspectClasses = Interner<SuspectClass>()
  var errorClasses = Interner<ErrorClass>()
  var throttleClasses = Interner<ThrottleClass>()
  /// The number of faults that were dropped because the gateway answered the request successfully.
  private(set) var succeededCount = 0

  /// The last fault of each request.
  private var positions: [RequestKey: Int32] = [:]
  /// The faults of each log stream.
  private var positionsByStream: [Int64: [Int32]] = [:]

  /// Whether there is a fault of the request.
  func hasFault(of request: RequestKey) -> Bool { positions[request] != nil }

  private mutating func append(_ fault: FaultRecord) {
    var fault = fault
    if fault.request.isKnown {
      fault.previous = positions.updateValue(Int32(faults.count), forKey: fault.request) ?? -1
    }
    faults.append(fault)
  }

  /// Returns the last fault of a request for which `isWanted` returns true.
  private func lastFault(
    of request: RequestKey, where isWanted: (FaultRecord) -> Bool = { _ in true }
  ) -> Int? {
    var position = positions[request] ?? -1
    while position >= 0, !isWanted(faults[Int(position)]) {
      position = faults[Int(position)].previous
    }
    return position < 0 ? nil : Int(position)
  }

  /// Returns the faults of a request, in order.
  private func allFaults(of request: RequestKey) -> [Int] {
    var found: [Int] = []
    var position = request.isKnown ? positions[request] ?? -1 : -1
    while position >= 0 {
      found.append(Int(position))
      position = faults[Int(position)].previous
    }
    return found.reversed()
  }

  // MARK: Invocations

  mutating func add(suspects added: [SuspectRecord]) {
    suspects = added.sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    for (number, suspect) in suspects.enumerated() {
      positionsByStream[suspect.stream, default: []].append(Int32(faults.count))
      var fault = FaultRecord()
      fault.suspect = Int32(number)
      fault.request = suspect.request
      append(fault)
    }
  }

  // MARK: Errors

  /// The maximum time in milliseconds between the end of an invocation and a line that belongs to
  /// it.
  private static let slack: Int64 = 2000

  /// The maximum time in milliseconds between the failed init of a sandbox and the affected
  /// request.
  private static let initSlack: Int64 = 60_000

  mutating func add(errors added: [ErrorRecord]) {
    let errors = added.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    faults.reserveCapacity(faults.count + errors.count)
    // A request that logs the same fault repeatedly failed once.
    var logged: Set<UInt64> = []
    var fingerprints = Interner<String>()
    let numbers = errorClasses.values.map { fingerprints.number(of: $0.fingerprint) }
    for error in errors {
      if let position = position(of: error) {
        // Errors of the runtime or Lambda have priority; of several, the last one, which ended the
        // request.
        let isLogged = errorClasses[error.kind].kind == .logged
        if isLogged, faults[position].errorClass >= 0,
          errorClasses[faults[position].errorClass].kind != .logged
        {
          continue
        }
        set(error, at: position)
        continue
      }
      if error.request.isKnown {
        let key = error.request.mixed(with: numbers[Int(error.kind)])
        guard logged.insert(key).inserted else { continue }
      }
      var fault = FaultRecord()
      fault.request = error.request
      append(fault)
      set(error, at: faults.count - 1)
    }
  }

  private mutating func set(_ error: ErrorRecord, at position: Int) {
    faults[position].errorID = error.id
    faults[position].errorTime = error.time
    faults[position].errorClass = error.kind
  }

  /// Returns the failed or slow invocation that an error belongs to.
  private func position(of error: ErrorRecord) -> Int? {
    guard error.request.isKnown else { return positionOfFailedInit(error) }
    let group = errorClasses[error.kind].origin.group
    return lastFault(of: error.request) { fault in
      guard fault.suspect >= 0 else { return false }
      let invocation = suspects[Int(fault.suspect)]
      guard invocation.origin.group == group else { return false }
      guard error.time != FaultRecord.unknownTime, invocation.start != FaultRecord.unknownTime
      else { return true }
      // An init fails before the START of the request that is blamed for it.
      let last =
        invocation.lastMoment == FaultRecord.unknownTime ? invocation.start : invocation.lastMoment
      return error.time >= invocation.start &- Self.initSlack
        && error.time <= last &+ Self.slack
    }
  }

  /// Returns the request that failed because of a failed init before it.
  private func positionOfFailedInit(_ error: ErrorRecord) -> Int? {
    let kind = errorClasses[error.kind]
    guard kind.kind != .logged, error.time != FaultRecord.unknownTime,
      let candidates = positionsByStream[error.stream]
    else { return nil }
    func invocation(_ index: Int) -> SuspectRecord {
      suspects[Int(faults[Int(candidates[index])].suspect)]
    }
    // Invocations are in order of time: the first one after the error failed because of it.
    let index = candidates.indices.partitioningIndex { invocation($0).start >= error.time }
    guard index < candidates.count else { return nil }
    let start = invocation(index).start
    guard start - error.time <= Self.initSlack,
      suspectClasses[invocation(index).kind].errorType ?? "" == kind.type
    else { return nil }
    return Int(candidates[index])
  }

  // MARK: Throttles

  /// Whether Lambda refused a call of the fault's request, according to its function's log.
  private func isThrottle(_ fault: FaultRecord) -> Bool {
    fault.throttle >= 0
      || fault.errorClass >= 0 && errorClasses[fault.errorClass].throttle != nil
  }

  mutating func add(throttles added: [ThrottleRecord]) {
    for throttle in added.sorted(by: { $0.time < $1.time }) {
      // The traceback of a refused call and the warning logged with it are one call.
      guard lastFault(of: throttle.request, where: isThrottle) == nil else { continue }
      var fault = FaultRecord()
      fault.request = throttle.request
      fault.throttle = Int32(throttles.count)
      throttles.append(throttle)
      append(fault)
    }
  }

  /// The single function that each caller names in lines about refused calls, by the caller's
  /// number.
  ///
  /// A line without a name is most likely about the same function.
  var onlyCalled: [Int32: String] {
    var called: [Int32: Set<String>] = [:]
    for throttle in throttles {
      if let name = throttleClasses[throttle.kind].called {
        called[throttle.origin.function, default: []].insert(name)
      }
    }
    for kind in errorClasses.values {
      if let name = kind.throttle?.called {
        called[kind.origin.function, default: []].insert(name)
      }
    }
    called[-1] = nil
    return called.compactMapValues { $0.count == 1 ? $0.first : nil }
  }

  // MARK: Gateway

  /// Adds the gateway's requests.
  ///
  /// `called` are the invocations of requests that failed only for the gateway.
  mutating func add(gateways added: [GatewayRecord], called: [RequestKey: SuspectRecord]) {
    // Ties are broken by the order of discovery.
    gateways = added.enumerated().sorted {
      ($0.element.first, $0.offset) < ($1.element.first, $1.offset)
    }.map(\.element)
    var waiting = WaitingInvocations(of: self)
    for (number, request) in gateways.enumerated() {
      let named = allFaults(of: request.lambdaRequest)
      var candidates = named
      if named.isEmpty, let unnamed = waiting.take(for: request) { candidates = [unnamed] }
      guard request.isFailure else {
        // The gateway's own status has priority: the caller received a successful response.
        for index in candidates {
          if isCancelledBySuccess(faults[index]) {
            faults[index].hasSucceeded = true
          } else if faults[index].throttle < 0 {
            faults[index].gateway = Int32(number)
          }
        }
        continue
      }
      // Of several errors that one request logged, the last one was returned.
      if let index = candidates.last {
        faults[index].gateway = Int32(number)
        for index in candidates.dropLast() where isCancelledBySuccess(faults[index]) {
          faults[index].hasSucceeded = true
        }
      } else {
        var fault = FaultRecord()
        fault.request = request.lambdaRequest
        fault.gateway = Int32(number)
        if let invocation = called[request.lambdaRequest] {
          fault.suspect = Int32(suspects.count)
          suspects.append(invocation)
        }
        faults.append(fault)
      }
    }
    succeededCount = faults.count { $0.hasSucceeded && $0.gateway < 0 }
    faults.removeAll(where: \.hasSucceeded)
    positions = [:]
    positionsByStream = [:]
  }

  /// Whether a successful response of the gateway cancels the fault.
  ///
  /// That is so if the function ended normally, and was only late or logged an error that it
  /// handled.
  private func isCancelledBySuccess(_ fault: FaultRecord) -> Bool {
    if isThrottle(fault) { return false }
    if fault.suspect >= 0 {
      return suspectClasses[suspects[Int(fault.suspect)].kind].status == .success
    }
    return fault.errorClass >= 0 && errorClasses[fault.errorClass].kind == .logged
  }
}
