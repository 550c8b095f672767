internal import InsightsEngine
internal import InsightsModel
internal import InsightsThreads

extension LogService {
  /// Runs a query to its end when it is its turn, under the time limit of the server; a client that goes
  /// away ends it, and so does the end of the server.
  ///
  /// - Throws: `APIError` where too many queries run or wait already, and what keeps the query from its
  ///   end.
  /// - Returns: what it read.
  func run(
    _ query: QueryRequest, into sink: any RowSink, for client: ServiceRequest
  ) throws -> QueryStatistics {
    let execution = QueryExecution(
      query,
      context: ExecutionContext(
        cancellation: Cancellation(deadline: options.timeout.map { .now + $0 })))
    let forget = watch(client) { execution.cancel() }
    defer { forget() }
    let end = OneTimeEvent()
    let handed = HandedSink(sink: sink)
    let isAccepted = queries.accept { [engines] in
      defer { end.happen() }
      // What goes wrong, the execution says.
      _ = try? execution.run(by: engines, into: handed.sink)
    }
    guard isAccepted else { throw APIError.tooManyQueries }
    end.wait()
    if let failure = execution.failure { throw failure }
    return execution.statistics
  }

  /// Does something short with an engine.
  ///
  /// - Throws: what `body` throws, and `StoreError`.
  func withEngine<Value>(_ body: (Engine) throws -> Value) throws -> Value {
    try engines.withEngine(ExecutionContext(), body)
  }

  /// Does something with an engine whose work ends when a client goes away, or the server.
  ///
  /// - Throws: what `body` throws, and `StoreError`.
  func withEngine<Value>(
    for client: ServiceRequest, _ body: (Engine) throws -> Value
  ) throws -> Value {
    let context = ExecutionContext()
    let forget = watch(client) { context.cancel() }
    defer { forget() }
    return try engines.withEngine(context, body)
  }

  /// Has `cancel` be called when a client goes away or the server ends, until what is given back is
  /// called.
  private func watch(
    _ client: ServiceRequest, _ cancel: @escaping @Sendable () -> Void
  ) -> () -> Void {
    let forget = [client.clientGone, stopping].map { $0.watch(cancel) }
    return { for forget in forget { forget() } }
  }
}

/// A sink that the thread of a query fills, and another thread reads after the end of the query.
private struct HandedSink: @unchecked Sendable {
  let sink: any RowSink
}
