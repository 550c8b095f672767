internal import InsightsEngine
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Reads failed invocations and errors, row by row, as compact records.
extension Engine {
  /// Returns the invocations that failed, or took as long as a gateway waits.
  ///
  /// The parts are emptied one by one, since both copies at once would take twice the memory.
  func records(
    of parts: inout [[Store.SuspectInvocation]], into assembler: inout FaultAssembler
  ) throws(StoreError) -> [SuspectRecord] {
    var records: [SuspectRecord] = []
    records.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for index in parts.indices {
      for suspect in parts[index] { records.append(try record(of: suspect, &assembler)) }
      parts[index] = []
    }
    return records
  }

  private func record(
    of suspect: Store.SuspectInvocation, _ assembler: inout FaultAssembler
  ) throws(StoreError) -> SuspectRecord {
    let duration = suspect.durationMilliseconds
    // More than a year is not plausible, and sums with it would overflow.
    let whole = duration.flatMap {
      (0..<32_000_000_000).contains($0) ? Int64($0.rounded(.up)) : nil
    }
    let kind = SuspectClass(
      status: suspect.status,
      isTimeout: suspect.status == .timeout || suspect.isTimedOut,
      isOutOfMemory: suspect.isOutOfMemory, errorType: suspect.errorType)
    return SuspectRecord(
      id: suspect.id, stream: suspect.streamID, request: RequestKey(suspect.requestID),
      origin: try assembler.origins.origin(ofStream: suspect.streamID, in: store),
      start: suspect.start ?? FaultRecord.unknownTime,
      lastMoment: suspect.end ?? suspect.start.map { $0 &+ (whole ?? 0) }
        ?? FaultRecord.unknownTime,
      duration: duration ?? -1, coldStart: suspect.coldStartMilliseconds ?? 0,
      kind: assembler.suspectClasses.number(of: kind))
  }

  /// Returns the invocations of requests that failed only according to the gateway, at any time.
  func invocations(
    of requests: Set<RequestKey>, into assembler: inout FaultAssembler
  ) throws -> [RequestKey: SuspectRecord] {
    guard !requests.isEmpty else { return [:] }
    var records: [RequestKey: SuspectRecord] = [:]
    var failure: StoreError?
    try store.forEachInvocation(ofRequestsWhere: { requests.contains(RequestKey($0)) }) { found in
      do throws(StoreError) {
        let record = try record(of: found, &assembler)
        // Of several attempts, the last one counts.
        if records[record.request].map({ $0.start <= record.start }) ?? true {
          records[record.request] = record
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return records
  }

  /// Returns the errors of the functions.
  func errors(
    _ options: TriageOptions, into assembler: inout FaultAssembler
  ) throws -> [ErrorRecord] {
    var records: [ErrorRecord] = []
    var failure: StoreError?
    let mayThrottle = try store.hasThrottlingErrors()
    try store.forEachError(of: options.selection) { error in
      do throws(StoreError) {
        let origin = try assembler.origins.origin(ofStream: error.streamID, in: store)
        let kind = ErrorClass(
          error, origin, caller: assembler.origins.function(origin.function),
          mayThrottle: mayThrottle)
        records.append(
          ErrorRecord(
            id: error.id, request: RequestKey(error.requestID), stream: error.streamID,
            time: error.timestamp ?? FaultRecord.unknownTime,
            kind: assembler.errorClasses.number(of: kind)))
      } catch { failure = error }
    }
    if let failure { throw failure }
    return records
  }
}

extension TriageOptions {
  /// The selection of facts to triage.
  var selection: Store.FactSelection {
    Store.FactSelection(timeRange: timeRange, logGroups: logGroups)
  }
}

extension ErrorClass {
  /// Builds the record of an error; without `mayThrottle` it is not searched for a refused call.
  init(
    _ row: Store.ErrorRow, _ origin: LogOrigins.Origin, caller: String?, mayThrottle: Bool
  ) {
    kind = Kind(row.kind)
    type = String(decoding: row.type, as: UTF8.self)
    fingerprint = String(decoding: row.fingerprint, as: UTF8.self)
    self.origin = origin
    let message = row.message
    hasProcessExited = message.firstOffset(of: AWSMessages.Platform.exitedEarly) != nil
    guard mayThrottle,
      AWSMessages.Throttle.matches(row.type) || AWSMessages.Throttle.matches(message)
        || AWSMessages.Throttle.matches(row.traceback)
    else { return }
    let text = String(decoding: message, as: UTF8.self)
    throttle = ThrottleClass(
      reason: ThrottleReason(in: text),
      called: CalledFunction.named(in: text, by: caller)
        ?? CalledFunction.named(in: String(decoding: row.traceback, as: UTF8.self), by: caller))
  }
}
