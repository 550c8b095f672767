public import InsightsModel
internal import InsightsStore
internal import InsightsThreads

/// One run of a query, from the request to its last row.
///
/// It runs on the thread that calls `run`, once. Any other thread may cancel it, and read its state
/// and progress. Several can run concurrently over one store, each with its own engine.
public final class QueryExecution: Sendable {
  /// The state of an execution.
  public enum State: String, Sendable {
    /// Not started yet.
    case scheduled
    case running
    /// All rows have been returned.
    case complete
    case failed
    case cancelled
    case timedOut

    /// Whether the state is final.
    public var isEnded: Bool { self != .scheduled && self != .running }
  }

  private struct Status {
    var state = State.scheduled
    /// The query, with its range and options; `nil` once it runs, as executions may be kept for long.
    var request: QueryRequest?
    var statistics: QueryStatistics?
    var failure: (any Error)?
  }

  /// The cancellation, limits and progress of this execution.
  let context: ExecutionContext
  private let status: Locked<Status>

  /// Prepares an execution; `run` starts it.
  public init(_ request: QueryRequest, context: ExecutionContext = ExecutionContext()) {
    status = Locked(Status(request: request))
    self.context = context
  }

  /// The current state.
  public var state: State { status.withLock { $0.state } }

  /// The error of a failed, cancelled or timed out execution; otherwise `nil`.
  public var failure: (any Error)? { status.withLock { $0.failure } }

  /// The statistics so far; exact at the end if the request asks for that.
  public var statistics: QueryStatistics {
    status.withLock { $0.statistics } ?? QueryStatistics(soFar: context.progress)
  }

  /// Cancels the execution, which ends within some 50 ms; has no effect after its end.
  public func cancel() {
    context.cancel()
    status.withLock { status in
      guard status.state == .scheduled else { return }
      status.state = .cancelled
      status.failure = StoreError.interrupted
    }
  }

  /// Opens the store at a path and runs the query over it.
  ///
  /// `report` is called when another process has to be waited for.
  ///
  /// - Throws: as for an open engine, and `StoreError` if the store cannot be opened.
  @discardableResult
  public func run(
    overStoreAt path: String, into sink: any RowSink, report: @escaping @Sendable () -> Void = {}
  ) throws -> QueryOutcome {
    try run { request in
      try Engine(
        readingStoreAt: path,
        waiting: Waiting(cancellation: context.cancellation, report: report), context: context
      ).run(request, into: sink)
    }
  }

  /// Runs the query with an engine, which must not be used otherwise until this returns.
  ///
  /// - Throws: `QueryError` if it does not compile, `StoreError` if it fails or has to stop, and
  ///   what the sink throws.
  @discardableResult
  public func run(by engine: Engine, into sink: any RowSink) throws -> QueryOutcome {
    try run { try engine.with(context).run($0, into: sink) }
  }

  /// Runs the query with an engine of a pool.
  ///
  /// - Throws: as for an open engine, and `StoreError` if the store cannot be opened.
  @discardableResult
  public func run(by pool: EnginePool, into sink: any RowSink) throws -> QueryOutcome {
    try run { request in try pool.withEngine(context) { try $0.run(request, into: sink) } }
  }

  private func run(_ body: (QueryRequest) throws -> QueryOutcome) throws -> QueryOutcome {
    let (request, earlier) = status.withLock { status in
      if status.state == .scheduled { status.state = .running }
      return (status.request.take(), status.failure)
    }
    if let earlier { throw earlier }
    guard let request else { preconditionFailure("an execution runs once") }
    do {
      let outcome = try body(request)
      status.withLock { status in
        status.state = .complete
        status.statistics = outcome.statistics
      }
      return outcome
    } catch {
      status.withLock { status in
        switch error {
        case StoreError.interrupted: status.state = .cancelled
        case StoreError.timedOut: status.state = .timedOut
        default: status.state = .failed
        }
        status.failure = error
      }
      throw error
    }
  }
}

extension QueryStatistics {
  /// The statistics of a running query.
  init(soFar progress: ExecutionProgress) {
    self.init(
      matchedCount: Int64(progress.matchedEvents), scannedCount: Int64(progress.scannedEvents),
      skippedCount: Int64(progress.skippedEvents), scannedBytes: Int64(progress.scannedBytes),
      skippedBytes: Int64(progress.skippedBytes), logGroupCount: 0,
      resultCount: Int64(progress.rows))
  }
}
