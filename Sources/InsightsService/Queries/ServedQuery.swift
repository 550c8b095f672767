internal import InsightsEngine
public import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore
internal import InsightsThreads

/// A query that a client has started, with the rows found so far.
///
/// It can be used from any thread, while it runs and afterwards.
public final class ServedQuery: Sendable {
  /// The states of GetQueryResults.
  public enum Status: String, Sendable {
    /// The state also of a waiting query, since clients treat `Scheduled` as an end.
    case running = "Running"
    case complete = "Complete"
    case failed = "Failed"
    case cancelled = "Cancelled"
    case timedOut = "Timeout"
  }

  /// The request, as clients list it.
  public struct Question: Sendable {
    /// The text that was sent.
    public var text: String
    /// The log groups that it reads by name, from the request or from the text.
    public var logGroups: [String]
    /// Globs of the log groups that its text selects by `SOURCE`, or a glob for all if it has none;
    /// `nil` if the request contains the log groups.
    public var chosenByText: [String]?
    /// The start in epoch seconds, inclusive.
    public var startSecond: Int64
    /// The end in epoch seconds, inclusive.
    public var endSecond: Int64
  }

  private struct State {
    /// What is to run; `nil` afterwards, when only the results are kept.
    var request: QueryRequest?
    var execution: QueryExecution?
    var isCancelled = false
    var end: ContinuousClock.Instant?
    var failure: String?
    var columnNames: [String] = []
    /// Whether the results have been requested.
    var wasAsked = false
  }

  private static let lastNumber = Locked<Int64>(0)

  /// The id for clients.
  public let id: String
  /// The sequence number on this server: later queries have larger numbers.
  let number: Int64
  /// The request.
  public let question: Question
  /// When it was started, in epoch milliseconds.
  public let created: Int64
  let rows = StoredRows()
  private let timeout: Duration?
  private let start = ContinuousClock.now
  private let state: Locked<State>
  private let ended = OneTimeEvent()

  init(_ question: Question, _ request: QueryRequest, timeout: Duration?) {
    id = RequestID.new()
    created = LogService.now
    number = Self.lastNumber.withLock { number in
      number += 1
      return number
    }
    self.question = question
    state = Locked(State(request: request))
    self.timeout = timeout
  }

  /// The current state.
  public var status: Status {
    state.withLock { state in
      // A query that is being cancelled ends shortly, and does not change any more.
      if state.isCancelled { return .cancelled }
      guard state.end != nil, let execution = state.execution else { return .running }
      return switch execution.state {
      case .scheduled, .running: .running
      case .complete: .complete
      case .failed: .failed
      case .cancelled: .cancelled
      case .timedOut: .timedOut
      }
    }
  }

  /// What it has read so far.
  public var statistics: QueryStatistics {
    state.withLock { $0.execution }?.statistics
      ?? QueryStatistics(
        matchedCount: 0, scannedCount: 0, scannedBytes: 0, logGroupCount: 0, resultCount: 0)
  }

  /// Why it failed; `nil` otherwise.
  public var failure: String? { state.withLock { $0.failure } }

  /// The columns of its rows, in order; empty until they are known.
  var columnNames: [String] { state.withLock { $0.columnNames } }

  /// How long it took, or takes so far.
  public var duration: Duration { (state.withLock { $0.end } ?? .now) - start }

  /// Cancels it; returns false if it had already ended.
  public func cancel() -> Bool {
    let (execution, isRunning) = state.withLock { state -> (QueryExecution?, Bool) in
      guard state.end == nil, !state.isCancelled else { return (nil, false) }
      state.isCancelled = true
      return (state.execution, true)
    }
    execution?.cancel()
    if isRunning { ended.happen() }
    return isRunning
  }

  /// Waits briefly for the end at the first request for results, so that short queries are complete
  /// by then.
  func waitAtFirst(_ length: Duration) {
    let isFirst = state.withLock { state in
      defer { state.wasAsked = true }
      return !state.wasAsked
    }
    if isFirst { ended.wait(length) }
  }

  /// Runs it on this thread, once.
  func run(by engines: EnginePool) {
    guard let request = state.withLock({ $0.request.take() }) else { return }
    let context = ExecutionContext(
      cancellation: Cancellation(deadline: timeout.map { .now + $0 }))
    let execution = QueryExecution(request, context: context)
    let mayRun = state.withLock { state in
      state.execution = execution
      return !state.isCancelled
    }
    if mayRun {
      do {
        let sink = QueryResultSink(rows) { [state] columns in
          state.withLock { $0.columnNames = columns.map(\.name) }
        }
        try execution.run(by: engines, into: sink)
      } catch {
        state.withLock { $0.failure = AWSError(error).message }
      }
    }
    rows.finish()
    state.withLock { $0.end = .now }
    ended.happen()
  }
}

/// Keeps the rows of a query as GetQueryResults sends them.
private final class QueryResultSink: RowSink {
  private let rows: StoredRows
  private let hasBegun: ([ResultColumn]) -> Void
  private var writer = QueryResultRowWriter(columns: [])
  private var bytes: [UInt8] = []

  init(_ rows: StoredRows, hasBegun: @escaping ([ResultColumn]) -> Void) {
    self.rows = rows
    self.hasBegun = hasBegun
  }

  func begin(_ columns: [ResultColumn], of query: CompiledQuery) {
    hasBegun(columns)
    writer = QueryResultRowWriter(columns: columns)
  }

  func receive(_ batch: [[Value]]) throws {
    for row in batch {
      bytes.removeAll(keepingCapacity: true)
      writer.append(row, to: &bytes)
      try rows.append(bytes)
    }
  }
}
