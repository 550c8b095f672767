internal import InsightsThreads

/// Passes chunks of a body between a thread, which may block, and an event loop, which may not.
///
/// Either side may be the producer. It waits while the limit is exceeded, so that neither a slow
/// server nor a slow reader makes memory grow. Chunks passed before a failure are taken first, then
/// the failure.
final class ChunkQueue: Sendable {
  /// The maximum number of queued bytes, in addition to the chunk being passed.
  private let byteLimit: Int

  private struct State {
    var chunks: [[UInt8]] = []
    var byteCount = 0
    /// How the producer ended; no chunks follow the queued ones.
    var end: Result<Void, any Error>?
    /// Whether the consumer has stopped.
    var isAbandoned = false
    /// A pending operation of the event loop, which is tried again after each change.
    var retry: (@Sendable () -> Void)?

    /// Adds a chunk; returns false if the consumer has stopped, `nil` while the queue is full.
    mutating func push(_ chunk: [UInt8], byteLimit: Int) -> Bool? {
      if isAbandoned || end != nil { return false }
      guard byteCount < byteLimit else { return nil }
      chunks.append(chunk)
      byteCount += chunk.count
      return true
    }

    /// Removes the first chunk: `nil` while there is none, success with `nil` at the end.
    mutating func pop() -> Result<[UInt8]?, any Error>? {
      guard let first = chunks.first else { return end?.map { nil } }
      chunks.removeFirst()
      byteCount -= first.count
      return .success(first)
    }
  }

  private let state = Locked(State())
  /// Signalled after each change, for the waiting thread.
  private let changed = Semaphore()

  init(byteLimit: Int = 4 << 20) {
    self.byteLimit = byteLimit
  }

  /// Ends the chunks; only the first end has an effect.
  func end(_ result: Result<Void, any Error> = .success(())) {
    update { state in if state.end == nil { state.end = result } }
    changed.signal()
  }

  /// Stops the consumer.
  func abandon() {
    update { state in
      state.isAbandoned = true
      state.chunks = []
      state.byteCount = 0
    }
    changed.signal()
  }

  /// Changes the state, and then retries the event loop's pending operation.
  private func update<Result>(_ change: (inout State) -> Result) -> Result {
    let (result, retry) = state.withLock { state in
      let result = change(&state)
      defer { state.retry = nil }
      return (result, state.retry)
    }
    retry?()
    return result
  }

  // MARK: A thread's side

  /// Adds a chunk; returns false if the consumer has stopped.
  ///
  /// While it waits it calls `check` from time to time, which may throw.
  func give(_ chunk: [UInt8], check: () throws -> Void) throws -> Bool {
    while true {
      let isTaken = update { $0.push(chunk, byteLimit: byteLimit) }
      if let isTaken { return isTaken }
      try check()
      _ = changed.wait(atMost: .milliseconds(20))
    }
  }

  /// Returns the next chunk; `nil` at the end.
  ///
  /// While it waits it calls `check` from time to time, which may throw.
  ///
  /// - Throws: the failure that ended the chunks, and what `check` throws.
  func take(check: () throws -> Void) throws -> [UInt8]? {
    while true {
      if let taken = update({ $0.pop() }) { return try taken.get() }
      try check()
      _ = changed.wait(atMost: .milliseconds(20))
    }
  }

  // MARK: An event loop's side

  /// Adds a chunk when there is room, and then calls `then`: with false if the consumer has stopped.
  func give(_ chunk: [UInt8], then: @escaping @Sendable (Bool) -> Void) {
    let isTaken = state.withLock { state in
      let isTaken = state.push(chunk, byteLimit: byteLimit)
      if isTaken == nil { state.retry = { self.give(chunk, then: then) } }
      return isTaken
    }
    guard let isTaken else { return }
    changed.signal()
    then(isTaken)
  }

  /// Calls `then` with the next chunk when there is one; with `nil` at the end.
  func take(then: @escaping @Sendable (Result<[UInt8]?, any Error>) -> Void) {
    let taken = state.withLock { state in
      let taken = state.pop()
      if taken == nil { state.retry = { self.take(then: then) } }
      return taken
    }
    guard let taken else { return }
    changed.signal()
    then(taken)
  }
}
