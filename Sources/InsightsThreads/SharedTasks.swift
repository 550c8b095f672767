/// Tasks with numbers that several threads take one after the other, each with a worker of its own.
///
/// `@unchecked`: `body` is not `Sendable`, as what it fills in is not. It is called with another
/// number each time, and works on what belongs to that number or to the worker of its thread.
public final class SharedTasks<Worker, Failure: Error>: @unchecked Sendable {
  private struct State {
    var next = 0
    var firstFailure: Failure?
  }

  private let count: Int
  private let body: (Worker, Int) throws(Failure) -> Void
  private let state = Locked(State())

  public init(count: Int, body: @escaping (Worker, Int) throws(Failure) -> Void) {
    self.count = count
    self.body = body
  }

  /// The failure that ended the work, once all threads are done.
  public var failure: Failure? { state.withLock { $0.firstFailure } }

  /// Does tasks until there are none or one fails.
  public func work(with worker: Worker) {
    while let task = take() {
      do throws(Failure) {
        try body(worker, task)
      } catch {
        state.withLock { if $0.firstFailure == nil { $0.firstFailure = error } }
      }
    }
  }

  /// A thread that works on the tasks with a worker, which nobody else may use until it is joined;
  /// `nil` where there is no thread to be had, and the others do the work.
  public func thread(with worker: Worker) -> WorkerThread? {
    nonisolated(unsafe) let worker = worker
    return WorkerThread { self.work(with: worker) }
  }

  /// No thread begins another task.
  public func stop() { state.withLock { $0.next = count } }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < count, state.firstFailure == nil else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }
}
