public import InsightsModel
internal import InsightsStore
internal import InsightsThreads

/// One run of a query, from the request to its last row.
///
/// It runs on the thread that calls `run`, once. Any other thread may cancel it, and read its state and
/// how far it is. Several run at the same time over one store, each with an engine of its own.
public final class QueryExecution: Sendable {
  public enum State: String, Sendable {
    /// Not begun yet.
    case scheduled
    case running
    /// All rows were given.
    case complete
    case failed
    case cancelled
    case timedOut

    /// Whether nothing more will happen.
    public var isEnded: Bool { self != .scheduled && self != .running }
  }

  private struct Status {
    var state = State.scheduled
    var statistics: QueryStatistics?
    var failure: (any Error)?
  }

  public let request: QueryRequest
  public let context: ExecutionContext
  private let status = Locked(Status())

  public init(_ request: QueryRequest, context: ExecutionContext = ExecutionContext()) {
    self.request = request
    self.context = context
  }

  public var state: State { status.withLock { $0.state } }

  /// Why it failed, was cancelled or timed out; `nil` otherwise.
  public var failure: (any Error)? { status.withLock { $0.failure } }

  /// What it has read and given so far; what the request says of them holds at the end.
  public var statistics: QueryStatistics {
    status.withLock { $0.statistics } ?? QueryStatistics(soFar: context.progress)
  }

  /// Ends the execution, which does so within some 50 ms; one that has ended stays as it is.
  public func cancel() {
    context.cancel()
    status.withLock { status in
      guard status.state == .scheduled else { return }
      status.state = .cancelled
      status.failure = StoreError.interrupted
    }
  }

  /// Runs the query over the store at a path, which is opened for it.
  ///
  /// `report` is called where another process has to be waited for.
  ///
  /// - Throws: as for an engine that is there, and `StoreError` where the store cannot be opened.
  @discardableResult
  public func run(
    overStoreAt path: String, into sink: any RowSink, report: @escaping @Sendable () -> Void = {}
  ) throws -> QueryOutcome {
    try run(into: sink) {
      try Engine(
        readingStoreAt: path,
        waiting: Waiting(cancellation: context.cancellation, report: report), context: context)
    }
  }

  /// Runs the query with an engine, which nothing else may use until this returns.
  ///
  /// - Throws: `QueryError` when it does not compile, `StoreError` when it cannot be carried out or
  ///   has to stop, and what the sink throws.
  @discardableResult
  public func run(by engine: Engine, into sink: any RowSink) throws -> QueryOutcome {
    try run(into: sink) { engine.under(context) }
  }

  private func run(
    into sink: any RowSink, by engine: () throws -> Engine
  ) throws -> QueryOutcome {
    let earlier = status.withLock { status in
      defer { if status.state == .scheduled { status.state = .running } }
      return status.failure
    }
    if let earlier { throw earlier }
    do {
      let outcome = try engine().run(request, into: sink)
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
  /// What is known while a query runs.
  init(soFar progress: ExecutionProgress) {
    self.init(
      matchedCount: Int64(progress.matchedEvents), scannedCount: Int64(progress.scannedEvents),
      skippedCount: Int64(progress.skippedEvents), scannedBytes: Int64(progress.scannedBytes),
      skippedBytes: Int64(progress.skippedBytes), logGroupCount: 0,
      resultCount: Int64(progress.rows))
  }
}
