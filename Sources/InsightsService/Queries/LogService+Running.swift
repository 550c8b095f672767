internal import InsightsEngine
internal import InsightsModel
internal import InsightsThreads

extension LogService {
  /// Runs a query to its end, after waiting for its turn.
  ///
  /// It is cancelled at the server's time limit, when the client disconnects, and when the server
  /// stops.
  ///
  /// - Throws: `APIError` if too many queries are running or waiting, and the error of the query.
  /// - Returns: the statistics of the query.
  func run(
    _ query: QueryRequest, into sink: any RowSink, for client: ServiceRequest
  ) throws -> QueryStatistics {
    let execution = QueryExecution(
      query,
      context: ExecutionContext(
        cancellation: Cancellation(deadline: options.timeout.map { .now + $0 })))
    let forget = watch(client.clientGone) { execution.cancel() }
    defer { forget() }
    let end = OneTimeEvent()
    let handed = HandedSink(sink: sink)
    let isAccepted = queries.accept { [engines] in
      defer { end.happen() }
      // The error is read from the execution.
      _ = try? execution.run(by: engines, into: handed.sink)
    }
    guard isAccepted else { throw APIError.tooManyQueries }
    end.wait()
    if let failure = execution.failure { throw failure }
    return execution.statistics
  }

  /// Calls `body` with an engine, for short operations.
  ///
  /// - Throws: what `body` throws, and `StoreError`.
  func withEngine<Value>(_ body: (Engine) throws -> Value) throws -> Value {
    try engines.withEngine(ExecutionContext(), body)
  }

  /// Calls `body` with an engine that stops when the client disconnects or the server stops.
  ///
  /// - Throws: what `body` throws, and `StoreError`.
  func withEngine<Value>(
    until clientGone: OneTimeEvent, _ body: (Engine) throws -> Value
  ) throws -> Value {
    let context = ExecutionContext()
    let forget = watch(clientGone) { context.cancel() }
    defer { forget() }
    return try engines.withEngine(context, body)
  }

  /// Registers `cancel` to be called when a client disconnects or the server stops.
  ///
  /// - Returns: a function that removes the registration.
  private func watch(
    _ clientGone: OneTimeEvent, _ cancel: @escaping @Sendable () -> Void
  ) -> () -> Void {
    let forget = [clientGone, stopping].map { $0.watch(cancel) }
    return { for forget in forget { forget() } }
  }
}

/// A sink that the query's thread fills, and that another thread reads after the query has ended.
private struct HandedSink: @unchecked Sendable {
  let sink: any RowSink
}
