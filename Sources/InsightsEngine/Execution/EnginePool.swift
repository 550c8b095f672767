public import InsightsModel
internal import InsightsQuery
internal import InsightsStore
internal import InsightsThreads

/// A pool of open engines over one store, for a server: opening a store takes longer than a small
/// query.
///
/// An engine is reused only if the store has not changed since the engine was opened. That of a
/// store on a server is reused for some seconds: rows are always those that the server has, and
/// names of fields and log groups are compared with the server before they are used. Thread-safe.
public final class EnginePool: Sendable {
  /// The path or address of the store.
  let storePath: String
  private let limit: Int
  /// For the directories of all engines together.
  private let memory = Store.DirectoryMemory()
  /// For the statistics of all engines together.
  private let statisticsCache = StatisticsCache()
  /// The unused engines; `nil` after the pool was closed.
  private let idle = Locked<[Engine]?>([])

  /// Makes a pool that keeps up to `limit` unused engines.
  public init(storePath: String, limit: Int) {
    self.storePath = storePath
    self.limit = limit
  }

  /// Calls `body` with an engine over the latest committed state, which stops as `context` demands.
  ///
  /// - Throws: `StoreError` if the store cannot be opened, and what `body` throws.
  public func withEngine<Result>(
    _ context: ExecutionContext, _ body: (Engine) throws -> Result
  ) throws -> Result {
    let engine =
      try takeCurrent()
      ?? Engine(
        readingStoreAt: storePath, waiting: Waiting(cancellation: context.cancellation),
        context: context, statisticsCache: statisticsCache)
    engine.cacheDirectories(in: memory)
    do {
      let result = try body(engine.with(context))
      giveBack(engine)
      return result
    } catch {
      // A stopped or wrong query leaves the engine as it was. Closing it would take longer than many
      // queries, and the next one would have to read all directories again.
      switch error {
      case StoreError.interrupted, StoreError.timedOut, is QueryError: giveBack(engine)
      default: break
      }
      throw error
    }
  }

  /// Closes the unused engines now, and the others after their use.
  public func close() { idle.withLock { $0 = nil } }

  private func takeCurrent() -> Engine? {
    while let engine = idle.withLock({ $0?.popLast() }) {
      if engine.reuse() { return engine }
    }
    return nil
  }

  private func giveBack(_ engine: Engine) {
    guard engine.isReusable else { return }
    idle.withLock { engines in
      if let count = engines?.count, count < limit { engines?.append(engine) }
    }
  }
}
