public import InsightsStore
internal import InsightsText

/// Combines the facts of one stream, in their order, into invocations and errors.
///
/// An invocation is identified by its request id and its position, since an asynchronous retry has
/// the same id. Several may be open at once, as on managed instances.
public struct InvocationAssembler {
  /// The maximum distance, in invocations, between an ended invocation and a later line about it.
  ///
  /// A line about an invocation further back gets its own row, and changes no existing row.
  ///
  /// Likewise, a gateway's error may be followed by as many others before a later line completes it.
  static let reach = 10_000
  /// The number of the latest invocations, including open ones, that are kept when rows are taken
  /// early.
  private static let earlyReach = 256

  private var invocations = RowWindow<InvocationTable.Row>()
  private var errors = RowWindow<ErrorTable.Row>()

  /// The state of an invocation in addition to its row; it has the same index.
  private struct Progress {
    var hasReport = false
    /// There is no report yet, and no later START of the same request.
    var isOpen = true
    /// The runtime's error already has a row; a repetition gets none.
    var hasErrorRow = false
    /// The last words of a crashing process.
    var crashText: String?
    /// The status and error type of `platform.runtimeDone`, for reports that lack them.
    var doneStatus: String?
    var doneErrorType: String?
    /// The type of the last error with its id, for a failure report without a type.
    var lastErrorType: String?
    /// An error that is unhandled if the process exits.
    var errorBeforeExit: Int?
    /// Whether only the emulator's own line reported the start.
    var isStartedByEmulator = false
  }

  private var progress = RowWindow<Progress>()
  /// The lines of an incomplete traceback.
  private var traceback = PendingTraceback()
  private var gateway = GatewayErrors()
  /// The invocations in order of START; the last one may have been closed since.
  private var startOrder: [Int] = []
  /// The types of the rows in `errors`.
  private var errorTypes: Set<String> = []
  /// The requests of the rows in `errors`.
  private var failedRequests: Set<RequestID> = []
  private var openInvocations: [RequestID: Int] = [:]
  private var latestInvocations: [RequestID: Int] = [:]
  /// Unhandled errors outside any invocation, not yet assigned to one.
  private var initErrors = InitErrors()
  /// Whether `INIT_REPORT Phase: invoke` assigns them to the next START.
  private var initErrorsAreInvokes = false
  /// Failures reported by INIT_REPORT and RESTORE_REPORT; they become rows if nothing else explains
  /// them.
  private var initFailures: [InitFailure] = []

  private struct InitFailure {
    var type: String
    var timestamp: Int64?
    /// The request that needed the init, once known.
    var requestID: RequestID?
    /// Whether it is the request that starts next.
    var isOfNextStart: Bool
  }

  /// The invocation that was reported last.
  private var lastReported: Int?

  private var factCount = 0

  /// The requests of the rows that were taken early; `nil` if rows are never taken early.
  private let history: RequestHistory?
  /// Whether a fact may affect a row that was taken early; all rows must then be derived again.
  private(set) var isIrregular = false
  /// Whether a row without a START was taken early, for which one may still follow.
  private var hasTakenUnstarted = false
  /// Whether a row was taken early that an error line without a request id might belong to.
  private var hasTakenOpen = false
  /// The requests of rows that were taken before these were known.
  private var lateRequests: [LateRequest] = []

  /// An assembler of the facts of a whole stream.
  public init() { self.init(history: nil) }

  /// An assembler whose rows may be taken early if it has a history of all requests.
  init(history: RequestHistory?) {
    self.history = history
  }

  /// Processes a complete invocation without other facts, by its key in the history; returns false
  /// if its facts must be processed one by one.
  mutating func passes(_ requestKey: UInt64) -> Bool {
    guard let history, !(initErrorsAreInvokes && !initErrors.isEmpty), traceback.text.isEmpty,
      history.addNew(requestKey)
    else { return false }
    forgetInitErrors()
    lastReported = nil
    return true
  }

  /// Processes the next fact.
  public mutating func consume(_ message: UnsafeBufferPointer<UInt8>, timestamp: Int64?) {
    factCount += 1
    if let line = LambdaLine(message) {
      endTraceback()
      consume(line, message, timestamp)
      return
    }
    if let line = GatewayLine(message) {
      if !gateway.consume(line, message, timestamp: timestamp, errors: &errors) {
        isIrregular = history != nil
      }
      return
    }
    if let failure = ClientFailure(message) {
      endTraceback()
      consume(failure, message, timestamp)
      return
    }
    if let line = EmulatorLine(message) {
      endTraceback()
      consume(line, message, timestamp)
      return
    }
    let role = TracebackLine.role(of: message)
    if traceback.continues(role, at: timestamp) {
      traceback.append(message, at: timestamp)
      return
    }
    endTraceback()
    if OutOfMemory.isCrashLine(message) {
      crash(text(message, 0..<message.count), timestamp)
    } else if role == .head || role == .exception || role == .stack {
      traceback.append(message, at: timestamp)
    } else {
      consumeEvent(message, timestamp)
    }
  }

  private mutating func consumeEvent(
    _ message: UnsafeBufferPointer<UInt8>, _ timestamp: Int64?
  ) {
    let event = EventMessage(readingObjectIn: message)
    if event.jsonOffset == 0, let platform = PlatformEvent(message, objectAt: 0) {
      consume(platform, message, timestamp)
    } else if let error = error(in: event) {
      add(error, timestamp)
    }
  }

  /// Makes an error from the collected lines of a traceback.
  private mutating func endTraceback() {
    guard !traceback.text.isEmpty else { return }
    let lines = traceback
    traceback = PendingTraceback()
    lines.text.withUnsafeBufferPointer { bytes in
      let event = EventMessage(readingObjectIn: bytes)
      if let error = error(in: event) { add(error, lines.timestamp) }
    }
  }

  private func error(in event: EventMessage) -> RuntimeError? {
    guard var error = RuntimeErrors.parse(event) else { return nil }
    error.requestID =
      error.requestID
      ?? ApplicationLine.requestID(event.bytes, jsonOffset: event.jsonOffset)
      .map { text(event.bytes, $0) }
    return error
  }

  /// Rows that leave the assembler; all that a later line may tell of them is the request of init
  /// errors.
  public struct SettledRows {
    /// The invocations, in the order of their START.
    public var invocations: [InvocationTable.Row]
    /// The errors, in the order in which they were found.
    public var errors: [ErrorTable.Row]
    /// The number of errors that left before.
    public var firstError: Int
    /// The requests of errors that left before; their ids are ascending.
    public var lateRequests: [LateRequest]
  }

  /// Records the ids of errors that were just taken, which are consecutive; `lateRequests` names the
  /// errors by them.
  public mutating func noteStored(_ rows: SettledRows, firstErrorID: Int64) {
    initErrors.leave(
      rows.firstError..<rows.firstError + rows.errors.count, firstID: firstErrorID)
  }

  /// Removes and returns settled rows, but only after every `reach`-th fact; call it after each
  /// fact.
  public mutating func takeSettledRows() -> SettledRows? {
    guard factCount.isMultiple(of: Self.reach) else { return nil }
    return takeRows(
      beforeInvocation: invocations.endIndex - Self.reach,
      beforeError: errors.endIndex - Self.reach)
  }

  /// Removes and returns the rows that most likely will not change; `isIrregular` becomes true if
  /// one would.
  mutating func takeRowsEarly() -> SettledRows {
    let firstKept = invocations.endIndex - Self.earlyReach
    var first = invocations.startIndex
    while first < invocations.endIndex, first < firstKept || !progress[first].isOpen {
      if progress[first].isOpen { hasTakenOpen = true }
      if invocations[first].start == nil { hasTakenUnstarted = true }
      // Its row would be in a later position if all facts were read again.
      if isUnexplained(first) { isIrregular = true }
      first += 1
    }
    return takeRows(beforeInvocation: first, beforeError: errors.endIndex)
  }

  private mutating func takeRows(beforeInvocation: Int, beforeError: Int) -> SettledRows {
    let firstInvocation = max(invocations.startIndex, beforeInvocation)
    for index in invocations.startIndex..<min(firstInvocation, invocations.endIndex) {
      explain(index)
      guard let requestID = invocations[index].requestID else { continue }
      if openInvocations[requestID] == index { openInvocations[requestID] = nil }
      if latestInvocations[requestID] == index { latestInvocations[requestID] = nil }
    }
    startOrder.removeAll { $0 < firstInvocation }
    _ = progress.removeRows(before: firstInvocation)
    // Errors of a gateway wait for its response; not for ever, as it may be missing.
    let firstPending = gateway.firstPendingError(from: errors.startIndex) ?? .max
    return take(
      invocationsBefore: firstInvocation,
      errorsBefore: min(max(firstPending, errors.endIndex - Self.reach), beforeError))
  }

  private mutating func take(invocationsBefore: Int, errorsBefore: Int) -> SettledRows {
    let firstError = errors.startIndex
    defer { lateRequests = [] }
    return SettledRows(
      invocations: invocations.removeRows(before: invocationsBefore),
      errors: errors.removeRows(before: errorsBefore),
      firstError: firstError, lateRequests: lateRequests)
  }

  private mutating func forgetInitErrors() {
    if !initErrors.isEmpty { initErrors = InitErrors() }
    initErrorsAreInvokes = false
  }

  /// Ends the stream; removes and returns all remaining rows.
  public mutating func takeLastRows() -> SettledRows {
    finish()
    return take(invocationsBefore: .max, errorsBefore: .max)
  }

  /// Ends the stream.
  private mutating func finish() {
    endTraceback()
    for index in invocations.startIndex..<invocations.endIndex { explain(index) }
    for failure in initFailures where !errorTypes.contains(failure.type) {
      var row = ErrorTable.Row(kind: .platform)
      row.type = failure.type
      row.timestamp = failure.timestamp
      append(row)
    }
    initFailures = []
  }

  // MARK: Lines and events

  private mutating func consume(
    _ line: LambdaLine, _ message: UnsafeBufferPointer<UInt8>, _ timestamp: Int64?
  ) {
    if GluedLines.mayFollow(line, in: message) {
      let parts = GluedLines.lines(in: message)
      if parts.count > 1 {
        for part in parts {
          let text = UnsafeBufferPointer(rebasing: message[part])
          if let line = LambdaLine(text) { consume(line, text, timestamp) }
        }
        return
      }
    }
    let requestID = line.requestID.map { id(message, $0) }
    switch line.kind {
    case .start:
      start(requestID, version: line.version(in: message), timestamp)
    case .end:
      // In lines of Datadog's extension the timeout follows here.
      if message.holds(AWSMessages.Platform.timedOut, at: line.textStart + 1) {
        timeout(requestID, text(message, line.textStart + 1..<message.count), timestamp)
      }
    case .report:
      report(
        requestID, InvocationReport(ReportLine(message, from: line.textStart), message), timestamp)
    case .initReport, .restoreReport:
      let report = ReportLine(message, from: line.textStart)
      initReport(
        phase: report.phase.map { text(message, $0) },
        status: report.status.map { text(message, $0) },
        errorType: report.errorType.map { text(message, $0) }, timestamp)
    case .fault: fault(line, message, timestamp)
    case .timeout:
      timeout(requestID, text(message, line.textStart..<message.count), timestamp)
    case .initStart, .restoreStart, .image: break
    }
  }

  /// Processes a failure of a runtime interface client.
  private mutating func consume(
    _ failure: ClientFailure, _ message: UnsafeBufferPointer<UInt8>, _ timestamp: Int64?
  ) {
    if let index = currentInvocation, progress[index].hasErrorRow { return }
    // Lambda's reply may follow as JSON.
    var error =
      JSONErrors.parse(EventMessage(readingObjectIn: message))
      ?? RuntimeError(kind: .unhandled, message: text(message, failure.text))
    error.kind = .unhandled
    if error.type == nil, failure.status == 413 {
      error.type = AWSMessages.ErrorType.responseTooLarge
    }
    add(error, timestamp)
  }

  private mutating func consume(
    _ line: EmulatorLine, _ message: UnsafeBufferPointer<UInt8>, _ timestamp: Int64?
  ) {
    let requestID = id(message, line.requestID)
    switch line.kind {
    case .start:
      guard openInvocations[requestID] == nil else { return }
      start(requestID, version: nil, timestamp)
      if let index = openInvocations[requestID] { progress[index].isStartedByEmulator = true }
    case .exit(let words):
      guard let index = invocation(of: requestID), !progress[index].hasErrorRow else { return }
      let words = text(message, words).trimmingSuffix(" ")
      if OutOfMemory.appears(in: String(words)) { invocations[index].isOutOfMemory = true }
      platformError(
        index, type: AWSMessages.ErrorType.exited, message: String(words), timestamp)
    case .timeout:
      let start = invocation(of: requestID).flatMap { invocations[$0].start }
      // Less than a second cannot be a timeout: one of the times is not the line's own.
      let seconds = start.flatMap { start in
        timestamp.flatMap { $0 &- start < 1000 ? nil : Self.seconds(Double($0 &- start)) }
      }
      timeout(
        requestID, seconds.map { "\(AWSMessages.Platform.timedOut)\($0) seconds" }, timestamp)
    }
  }

  private mutating func consume(
    _ event: PlatformEvent, _ message: UnsafeBufferPointer<UInt8>, _ timestamp: Int64?
  ) {
    let requestID = event.text("requestId").flatMap { $0.isEmpty ? nil : RequestID($0) }
    switch event.kind {
    case .start: start(requestID, version: event.text("version"), timestamp)
    case .report: report(requestID, InvocationReport(event), timestamp)
    case .runtimeDone:
      if let index = requestID.flatMap({ openInvocations[$0] }) {
        progress[index].doneStatus = event.text("status")
        progress[index].doneErrorType = event.text("errorType")
        done(index, after: event.metric("durationMs")?.real, timestamp)
      }
    case .initReport, .restoreReport:
      initReport(
        phase: event.text("phase"), status: event.text("status"),
        errorType: event.text("errorType"), timestamp)
    case .fault:
      guard event.record.kind == .string else { return }
      let text = Array(JSONText.string(event.record, in: message).utf8)
      text.withUnsafeBufferPointer { text in
        if let line = LambdaLine(text), case .fault = line.kind { fault(line, text, timestamp) }
      }
    case .other: break
    }
  }

  private mutating func start(_ requestID: RequestID?, version: String?, _ timestamp: Int64?) {
    guard let requestID else { return }
    // Events with the same millisecond may be in any order.
    if let index = latestInvocations[requestID], progress[index].hasReport,
      invocations[index].start == nil, invocations[index].version == nil,
      let timestamp, invocations[index].end == timestamp
    {
      invocations[index].start = timestamp
      invocations[index].version = version
      return
    }
    if let index = openInvocations[requestID], progress[index].isStartedByEmulator {
      progress[index].isStartedByEmulator = false
      invocations[index].version = version
      return
    }
    let index = open(requestID)
    invocations[index].version = version
    invocations[index].start = timestamp
    if initErrorsAreInvokes { chargeInitErrors(to: index, requestID) }
    for number in initFailures.indices where initFailures[number].isOfNextStart {
      initFailures[number].isOfNextStart = false
      initFailures[number].requestID = requestID
    }
    if progress[index].hasErrorRow { explainInitFailures(of: index) }
    forgetInitErrors()
  }

  private mutating func report(
    _ requestID: RequestID?, _ report: InvocationReport, _ timestamp: Int64?
  ) {
    guard let requestID else { return }
    let index = openInvocations.removeValue(forKey: requestID) ?? open(requestID)
    openInvocations[requestID] = nil
    progress[index].isOpen = false
    progress[index].hasReport = true
    lastReported = index
    report.fill(&invocations[index])
    invocations[index].end = timestamp
    let status = report.status ?? progress[index].doneStatus
    if status == "timeout" {
      let seconds = report.durationMilliseconds.flatMap(InvocationAssembler.seconds)
      timeout(
        requestID, seconds.map { "\(AWSMessages.Platform.timedOut)\($0) seconds" }, timestamp)
    }
    let errorType = report.errorType ?? progress[index].doneErrorType
    if let errorType {
      invocations[index].errorType = errorType
      if errorType == AWSMessages.ErrorType.outOfMemory { invocations[index].isOutOfMemory = true }
    }
    if let crashText = progress[index].crashText, !progress[index].hasErrorRow {
      platformError(index, type: errorType, message: crashText, timestamp)
    } else if let errorType, !progress[index].hasErrorRow {
      platformError(index, type: errorType, message: nil, timestamp)
    }
    if invocations[index].status == .incomplete {
      invocations[index].status = status == "error" || status == "failure" ? .error : .success
    }
    if invocations[index].status == .error {
      invocations[index].errorType = invocations[index].errorType ?? progress[index].lastErrorType
    }
  }

  /// Processes the end of an invocation, which may never get a report.
  private mutating func done(_ index: Int, after milliseconds: Double?, _ timestamp: Int64?) {
    switch progress[index].doneStatus {
    case "timeout"?:
      let seconds = milliseconds.flatMap(Self.seconds)
      timeout(
        invocations[index].requestID,
        seconds.map { "\(AWSMessages.Platform.timedOut)\($0) seconds" }, timestamp)
    case "error"?, "failure"?: fail(index, type: progress[index].doneErrorType)
    default: break
    }
  }

  /// Whether an invocation failed without a report or an error that explains it.
  private func isUnexplained(_ index: Int) -> Bool {
    invocations[index].status == .error && !progress[index].hasReport
      && !progress[index].hasErrorRow && progress[index].doneErrorType != nil
  }

  /// Makes a row from the end of such an invocation.
  private mutating func explain(_ index: Int) {
    guard isUnexplained(index) else { return }
    platformError(
      index, type: progress[index].doneErrorType, message: nil, invocations[index].start)
  }

  private mutating func initReport(
    phase: String?, status: String?, errorType: String?, _ timestamp: Int64?
  ) {
    let isInvoke = phase == "invoke"
    if let errorType, status != "success" {
      // It precedes the START of the request that needed the init, or follows it.
      let open = isInvoke ? currentInvocation : nil
      initFailures.append(
        InitFailure(
          type: errorType, timestamp: timestamp,
          requestID: open.flatMap { invocations[$0].requestID },
          isOfNextStart: isInvoke && open == nil))
      if let open, progress[open].hasErrorRow { explainInitFailures(of: open) }
    }
    if isInvoke, status != nil, status != "success" {
      initErrorsAreInvokes = true
    } else {
      forgetInitErrors()
    }
  }

  /// Discards init failures of a request that has a row for its own error.
  private mutating func explainInitFailures(of index: Int) {
    guard !initFailures.isEmpty, let requestID = invocations[index].requestID else { return }
    initFailures.removeAll { $0.requestID == requestID }
  }

  private mutating func fault(
    _ line: LambdaLine, _ message: UnsafeBufferPointer<UInt8>, _ timestamp: Int64?
  ) {
    let lines = text(message, line.textStart..<message.count).split(separator: "\n")
    var words = lines.first.map { String($0.drop { $0 == " " || $0 == "\t" }) } ?? ""
    var type = lines.dropFirst().first { line in
      Array(line.utf8).withUnsafeBufferPointer { LambdaLine.isErrorType($0) }
    }.map(String.init)
    if words.hasPrefix("Error: ") {
      words.removeFirst(7)
    } else if words.hasPrefix("Status: ") {
      let report = ReportLine(message, from: line.textStart)
      type = report.errorType.map { text(message, $0) }
      words = ""
    }
    let requestID =
      line.requestID.map { id(message, $0) }
      ?? currentInvocation.flatMap { invocations[$0].requestID }
    guard let requestID, let index = invocation(of: requestID) else {
      if requestID.map({ !failedRequests.contains($0) }) ?? true {
        var row = ErrorTable.Row(kind: .platform)
        row.requestID = requestID
        row.type = type
        row.message = words.isEmpty ? nil : words
        row.timestamp = timestamp
        append(row)
      }
      return
    }
    if OutOfMemory.appears(in: words) || type == AWSMessages.ErrorType.outOfMemory {
      invocations[index].isOutOfMemory = true
    }
    let isExit =
      words == "\(AWSMessages.Platform.exitedEarly)"
      || (type == AWSMessages.ErrorType.exited && words.offset(of: "exit status ") != nil)
    if isExit, let error = progress[index].errorBeforeExit {
      progress[index].errorBeforeExit = nil
      if error >= errors.startIndex {
        errors[error].kind = .unhandled
        charge(error, to: index)
      } else if history != nil {
        isIrregular = true
      }
    }
    if !progress[index].hasErrorRow {
      let message = progress[index].crashText ?? (words.isEmpty ? nil : words)
      platformError(index, type: type, message: message, timestamp)
    }
  }

  private mutating func timeout(_ requestID: RequestID?, _ words: String?, _ timestamp: Int64?) {
    // A line without an id belongs to the open invocation.
    let index = requestID.map { invocation(of: $0) } ?? currentInvocation
    let requestID = requestID ?? index.flatMap { invocations[$0].requestID }
    if let index {
      guard !invocations[index].isTimedOut else { return }
      invocations[index].isTimedOut = true
      invocations[index].status = .timeout
      // The error type that the report of a timeout adds is redundant.
      progress[index].hasErrorRow = true
      explainInitFailures(of: index)
    }
    var row = ErrorTable.Row(kind: .platform)
    row.type = AWSMessages.ErrorType.timedOut
    row.requestID = requestID
    row.timestamp = timestamp
    var message = words ?? "Task timed out"
    if message.hasPrefix("timed out") { message = "Task " + message }
    while let last = message.last, last.isWhitespace { message.removeLast() }
    row.message = message
    append(row)
  }

  private mutating func crash(_ words: String, _ timestamp: Int64?) {
    var words = words
    while let last = words.last, last.isWhitespace { words.removeLast() }
    guard let index = currentInvocation else {
      var row = ErrorTable.Row(kind: .platform)
      row.message = words
      row.timestamp = timestamp
      append(row)
      return
    }
    invocations[index].isOutOfMemory = true
    progress[index].crashText = progress[index].crashText ?? words
  }

  // MARK: Errors

  private mutating func add(_ error: RuntimeError, _ timestamp: Int64?) {
    if error.mayRepeat, currentInvocation == nil, lastReportFailed { return }
    var row = ErrorTable.Row(kind: error.kind)
    row.timestamp = timestamp
    row.requestID = error.requestID.map { RequestID($0) }
    row.runtime = error.language?.name
    row.type = error.type
    row.message = error.message
    let own = error.ownCode
    row.topFrame = own.topFrame
    row.traceback = error.traceback
    row.frames = error.frames.map {
      ErrorTable.Frame(file: $0.file, line: $0.line, function: $0.function, code: $0.code)
    }
    row.fingerprint = Fingerprint.of(
      type: error.type, message: error.message, frames: own.frames)
    let index = row.requestID.map { invocation(of: $0) } ?? currentInvocation
    if let index, row.requestID == nil { row.requestID = invocations[index].requestID }
    if let requestID = row.requestID { failedRequests.insert(requestID) }
    if let type = row.type { errorTypes.insert(type) }
    errors.append(row)
    if let index {
      progress[index].lastErrorType = row.type ?? progress[index].lastErrorType
      if error.mayBeUnhandled { progress[index].errorBeforeExit = errors.endIndex - 1 }
    }
    guard error.kind == .unhandled else { return }
    if let index {
      charge(errors.endIndex - 1, to: index)
      if error.isOutOfMemory { invocations[index].isOutOfMemory = true }
    } else if error.requestID == nil {
      initErrors.append(errors.endIndex - 1, type: row.type)
    }
  }

  /// Whether the invocation that was reported last has a row for its error.
  private var lastReportFailed: Bool {
    mutating get {
      guard let lastReported else { return false }
      // The row was taken early, and its state with it.
      guard lastReported >= invocations.startIndex else {
        isIrregular = history != nil
        return true
      }
      return progress[lastReported].hasErrorRow
    }
  }

  /// Makes an unhandled error the failure of an invocation.
  private mutating func charge(_ error: Int, to index: Int) {
    errors[error].requestID = invocations[index].requestID
    progress[index].hasErrorRow = true
    explainInitFailures(of: index)
    fail(index, type: errors[error].type)
  }

  /// Makes all init errors the failure of the invocation that needed the init.
  private mutating func chargeInitErrors(to index: Int, _ requestID: RequestID) {
    // The first error determines the type.
    if !initErrors.isEmpty { fail(index, type: initErrors.type) }
    for ids in initErrors.rowsThatLeft {
      lateRequests.append(LateRequest(requestID: requestID, errorIDs: ids))
      progress[index].hasErrorRow = true
    }
    for error in initErrors.rows { charge(error, to: index) }
  }

  private mutating func platformError(
    _ index: Int, type: String?, message: String?, _ timestamp: Int64?
  ) {
    var row = ErrorTable.Row(kind: .platform)
    row.requestID = invocations[index].requestID
    row.type = type
    row.message = message
    row.timestamp = timestamp
    append(row)
    progress[index].hasErrorRow = true
    explainInitFailures(of: index)
    fail(index, type: type)
  }

  private mutating func append(_ row: ErrorTable.Row) {
    var row = row
    row.fingerprint = Fingerprint.of(type: row.type, message: row.message, frames: [])
    if let requestID = row.requestID { failedRequests.insert(requestID) }
    if let type = row.type { errorTypes.insert(type) }
    errors.append(row)
  }

  private mutating func fail(_ index: Int, type: String?) {
    if !invocations[index].isTimedOut { invocations[index].status = .error }
    invocations[index].errorType = invocations[index].errorType ?? type
  }

  // MARK: Invocations

  /// The invocation that an error line without a request id belongs to.
  private var currentInvocation: Int? {
    mutating get {
      while let last = startOrder.last, !progress[last].isOpen { startOrder.removeLast() }
      if startOrder.isEmpty, hasTakenOpen { isIrregular = true }
      return startOrder.last
    }
  }

  /// Returns the open invocation with an id, otherwise the last one.
  private mutating func invocation(of requestID: RequestID) -> Int? {
    if let index = openInvocations[requestID] ?? latestInvocations[requestID] { return index }
    if let history, history.mayContain(requestID) { isIrregular = true }
    return nil
  }

  private mutating func open(_ requestID: RequestID) -> Int {
    if let history, history.add(requestID), hasTakenUnstarted { isIrregular = true }
    invocations.append(InvocationTable.Row(requestID: requestID))
    progress.append(Progress())
    let index = invocations.endIndex - 1
    if let earlier = openInvocations[requestID] { progress[earlier].isOpen = false }
    startOrder.append(index)
    openInvocations[requestID] = index
    latestInvocations[requestID] = index
    return index
  }

  /// Formats milliseconds like Lambda's seconds: `3.00`.
  private static func seconds(_ milliseconds: Double) -> String? {
    guard milliseconds >= 0, milliseconds < 1e15 else { return nil }
    let hundredths = Int((milliseconds / 10).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  private func text(_ message: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: message[range], as: UTF8.self)
  }

  private func id(_ message: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> RequestID {
    RequestID(UnsafeBufferPointer(rebasing: message[range]))
  }
}
