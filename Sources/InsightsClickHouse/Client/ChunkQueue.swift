internal import InsightsThreads

/// Pieces of a body on their way between a thread, which may wait, and a task, which may not.
///
/// Either side may be the one that gives. It waits while more is on the way than the limit, so that
/// neither a slow server nor a slow reader lets memory grow. What was given before a failure is
/// taken first, and then the failure.
final class ChunkQueue: Sendable {
  /// Bytes on the way, at most, beside the piece that is being handed over.
  private let byteLimit: Int

  private struct State {
    var chunks: [[UInt8]] = []
    var byteCount = 0
    /// How it ended: there is nothing behind what is on the way.
    var end: Result<Void, any Error>?
    /// Nobody takes anything any more.
    var isAbandoned = false
    var waitingTask: CheckedContinuation<Void, Never>?
  }

  private let state = Locked(State())
  /// Signalled when something has changed for the thread.
  private let changed = Semaphore()

  init(byteLimit: Int = 4 << 20) {
    self.byteLimit = byteLimit
  }

  /// Nothing more will be given; only the first end counts.
  func end(_ result: Result<Void, any Error> = .success(())) {
    update { state in if state.end == nil { state.end = result } }
  }

  /// Nothing more will be taken.
  func abandon() {
    update { state in
      state.isAbandoned = true
      state.chunks = []
      state.byteCount = 0
    }
  }

  /// Changes the state, and wakes both sides where `wakesThread` says so, else only the task.
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

  /// Gives a piece; false where nobody takes it.
  ///
  /// Calls `check` from time to time while it waits, which may end it.
  func give(_ chunk: [UInt8], check: () throws -> Void) throws -> Bool {
    while true {
      let isTaken = update(wakesThread: false) { state -> Bool? in
        if state.isAbandoned || state.end != nil { return false }
        guard state.byteCount < byteLimit else { return nil }
        state.chunks.append(chunk)
        state.byteCount += chunk.count
        return true
      }
      if let isTaken { return isTaken }
      try check()
      _ = changed.wait(atMost: .milliseconds(20))
    }
  }

  /// The next piece; `nil` at the end.
  ///
  /// Calls `check` from time to time while it waits, which may end it.
  ///
  /// - Throws: what it was ended with, and what `check` throws.
  func take(check: () throws -> Void) throws -> [UInt8]? {
    while true {
      let (chunk, end) = update(wakesThread: false) {
        state -> ([UInt8]?, Result<Void, any Error>?) in
        guard let first = state.chunks.first else { return (nil, state.end) }
        state.chunks.removeFirst()
        state.byteCount -= first.count
        return (first, nil)
      }
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

  /// Gives a piece; false where nobody takes it.
  func give(_ chunk: [UInt8]) async -> Bool {
    while true {
      let isTaken = update { state -> Bool? in
        if state.isAbandoned { return false }
        guard state.byteCount < byteLimit else { return nil }
        state.chunks.append(chunk)
        state.byteCount += chunk.count
        return true
      }
      if let isTaken { return isTaken }
      await waitForChange { [byteLimit] in $0.isAbandoned || $0.byteCount < byteLimit }
    }
  }

  /// The next piece; `nil` at the end.
  ///
  /// - Throws: what it was ended with.
  func take() async throws -> [UInt8]? {
    while true {
      let (chunk, end) = update { state -> ([UInt8]?, Result<Void, any Error>?) in
        guard let first = state.chunks.first else { return (nil, state.end) }
        state.chunks.removeFirst()
        state.byteCount -= first.count
        return (first, nil)
      }
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
