internal import InsightsThreads

/// Passes chunks of a body between a thread, which may block, and a task, which may not.
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
    /// How it ended: nothing follows the queued chunks.
    var end: Result<Void, any Error>?
    /// Whether the consumer has stopped.
    var isAbandoned = false
    var waitingTask: CheckedContinuation<Void, Never>?

    /// Adds a chunk; false if nobody takes it any more, `nil` while the queue is full.
    mutating func push(_ chunk: [UInt8], byteLimit: Int) -> Bool? {
      if isAbandoned || end != nil { return false }
      guard byteCount < byteLimit else { return nil }
      chunks.append(chunk)
      byteCount += chunk.count
      return true
    }

    /// Removes the first chunk; without one, how the chunks ended, if they did.
    mutating func pop() -> (chunk: [UInt8]?, end: Result<Void, any Error>?) {
      guard let first = chunks.first else { return (nil, end) }
      chunks.removeFirst()
      byteCount -= first.count
      return (first, nil)
    }
  }

  private let state = Locked(State())
  /// Signalled when something has changed for the thread.
  private let changed = Semaphore()

  init(byteLimit: Int = 4 << 20) {
    self.byteLimit = byteLimit
  }

  /// Ends the chunks; only the first end has an effect.
  func end(_ result: Result<Void, any Error> = .success(())) {
    update { state in if state.end == nil { state.end = result } }
  }

  /// Stops the consumer.
  func abandon() {
    update { state in
      state.isAbandoned = true
      state.chunks = []
      state.byteCount = 0
    }
  }

  /// Changes the state, and wakes the task, and with `wakesThread` also the thread.
  private func update<Result>(
    wakesThread: Bool = true, _ change: (inout State) -> Result
  ) -> Result {
    let (result, task) = state.withLock { state in
      let result = change(&state)
      defer { state.waitingTask = nil }
      return (result, state.waitingTask)
    }
    task?.resume()
    if wakesThread { changed.signal() }
    return result
  }

  // MARK: A thread's side

  /// Adds a chunk; returns false if the consumer has stopped.
  ///
  /// While it waits it calls `check` from time to time, which may throw.
  func give(_ chunk: [UInt8], check: () throws -> Void) throws -> Bool {
    while true {
      let isTaken = update(wakesThread: false) { $0.push(chunk, byteLimit: byteLimit) }
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
      let (chunk, end) = update(wakesThread: false) { $0.pop() }
      if let chunk { return chunk }
      if let end {
        try end.get()
        return nil
      }
      try check()
      _ = changed.wait(atMost: .milliseconds(20))
    }
  }

  // MARK: A task's side

  /// Adds a chunk; returns false if the consumer has stopped.
  func give(_ chunk: [UInt8]) async -> Bool {
    while true {
      let isTaken = update { $0.push(chunk, byteLimit: byteLimit) }
      if let isTaken { return isTaken }
      await waitForChange { [byteLimit] in $0.isAbandoned || $0.byteCount < byteLimit }
    }
  }

  /// Returns the next chunk; `nil` at the end.
  ///
  /// - Throws: the failure that ended the chunks.
  func take() async throws -> [UInt8]? {
    while true {
      let (chunk, end) = update { $0.pop() }
      if let chunk { return chunk }
      if let end {
        try end.get()
        return nil
      }
      await waitForChange { !$0.chunks.isEmpty || $0.end != nil }
    }
  }

  private func waitForChange(until isReady: @escaping @Sendable (State) -> Bool) async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        guard !isReady(state) else { return true }
        state.waitingTask = continuation
        return false
      }
      if isOver { continuation.resume() }
    }
  }
}
