/// A pool of threads for jobs that may block; jobs beyond the number of threads wait in order.
///
/// A thread is started if a job arrives while no thread is idle; it ends with the pool.
public final class ThreadPool: Sendable {
  /// A job for a thread of the pool.
  public typealias Job = @Sendable () -> Void

  private struct State {
    var jobs: [Job] = []
    var threadCount = 0
    var idleCount = 0
    var isClosed = false
  }

  private let limit: Int
  private let state = Locked(State())
  private let jobAdded = Semaphore()

  /// Makes a pool of at most `limit` threads.
  public init(limit: Int) {
    self.limit = max(1, limit)
  }

  /// Runs a job on a thread of the pool.
  ///
  /// If the system cannot start any thread, it runs here.
  public func run(_ job: @escaping Job) {
    let needsThread = state.withLock { state in
      state.jobs.append(job)
      guard state.jobs.count > state.idleCount, state.threadCount < limit, !state.isClosed else {
        return false
      }
      state.threadCount += 1
      return true
    }
    if needsThread, !startThread() {
      let isAlone = state.withLock { state in
        state.threadCount -= 1
        return state.threadCount == 0
      }
      if isAlone {
        while let job = takeJob() { job() }
        return
      }
    }
    jobAdded.signal()
  }

  /// Starts a thread that nobody waits for; returns false if the system cannot.
  private func startThread() -> Bool {
    guard let thread = WorkerThread({ self.work() }) else { return false }
    thread.detach()
    return true
  }

  /// Ends the threads once they are idle; later jobs are not run.
  public func close() {
    let count = state.withLock { state in
      state.isClosed = true
      return state.threadCount
    }
    for _ in 0..<count { jobAdded.signal() }
  }

  private func work() {
    while true {
      state.withLock { $0.idleCount += 1 }
      jobAdded.wait()
      state.withLock { $0.idleCount -= 1 }
      if let job = takeJob() {
        job()
      } else if state.withLock({ $0.isClosed }) {
        return
      }
    }
  }

  private func takeJob() -> Job? {
    state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }
}
