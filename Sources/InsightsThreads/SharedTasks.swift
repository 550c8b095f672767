/// Numbered tasks that several threads take in turn, each with its own worker.
///
/// `@unchecked`: `body` is not `Sendable`, as its captured results are not. Each call has a
/// different number, and accesses only what belongs to that number or to the worker of its thread.
public final class SharedTasks<Worker, Failure: Error>: @unchecked Sendable {
  private struct State {
    var next = 0
    var firstFailure: Failure?
  }

  private let count: Int
  private let body: (Worker, Int) throws(Failure) -> Void
  private let state = Locked(State())

  /// Prepares `count` tasks, numbered from 0.
  public init(count: Int, body: @escaping (Worker, Int) throws(Failure) -> Void) {
    self.count = count
    self.body = body
  }

  /// The error that ended the work, once all threads have finished.
  public var failure: Failure? { state.withLock { $0.firstFailure } }

  /// Runs tasks until none is left or one fails.
  public func work(with worker: Worker) {
    while let task = take() {
      do throws(Failure) {
        try body(worker, task)
      } catch {
        state.withLock { if $0.firstFailure == nil { $0.firstFailure = error } }
      }
    }
  }

  /// Starts a thread that runs tasks with a worker, which must not be used elsewhere until the
  /// thread is joined.
  ///
  /// `nil` if no thread could be started; the others then do the work.
  public func thread(with worker: Worker) -> WorkerThread? {
    nonisolated(unsafe) let worker = worker
    return WorkerThread { self.work(with: worker) }
  }

  /// Keeps threads from starting further tasks.
  public func stop() { state.withLock { $0.next = count } }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < count, state.firstFailure == nil else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }
}
