/// Runs jobs on worker threads, and returns the results in the order of the jobs.
///
/// It belongs to one thread and accepts a bounded number of jobs; the worker threads end with it.
public final class OrderedPipeline<Job: Sendable, Result: Sendable> {
  /// The maximum number of jobs in progress for each worker.
  private static var jobsPerWorker: Int { 2 }

  private let queue: Queue
  private var threads: [WorkerThread] = []
  private let workerCount = Processors.workerCount
  /// The numbers of the next job to submit and the next to take.
  private var submittedCount = 0
  private var takenCount = 0

  /// Calls `makeWorker` on each thread; the worker is used only on that thread.
  public init(makeWorker: @escaping @Sendable () -> (Job) -> Result) {
    queue = Queue(makeWorker: makeWorker)
  }

  deinit {
    queue.close(threadCount: threads.count)
    for thread in threads { thread.join() }
  }

  /// Whether the next result has to be taken before another job can be submitted.
  public var isFull: Bool { submittedCount - takenCount >= workerCount * Self.jobsPerWorker }

  /// Whether every result has been taken.
  public var isEmpty: Bool { submittedCount == takenCount }

  /// Adds a job; the pipeline must not be full.
  public func submit(_ job: Job) {
    if threads.count < workerCount, threads.count <= submittedCount - takenCount {
      let queue = queue
      if let thread = WorkerThread({ queue.work() }) { threads.append(thread) }
    }
    queue.add(job, number: submittedCount)
    submittedCount += 1
  }

  /// Takes the next result, in the order of `submit`.
  ///
  /// - Returns: `nil` if there is none, or if it is not complete yet and `waits` is false.
  public func take(waits: Bool) -> Result? {
    // If no thread could be started, run the jobs here.
    if threads.isEmpty, !isEmpty { queue.workUntilEmpty() }
    guard !isEmpty, let result = queue.result(number: takenCount, waits: waits) else {
      return nil
    }
    takenCount += 1
    return result
  }

  /// The jobs and results that the threads share.
  private final class Queue: Sendable {
    private struct State {
      var jobs: [(number: Int, job: Job)] = []
      var results: [Int: Result] = [:]
      var isClosed = false
    }

    private let state = Locked(State())
    private let jobAdded = Semaphore()
    private let jobDone = Semaphore()
    private let makeWorker: @Sendable () -> (Job) -> Result

    init(makeWorker: @escaping @Sendable () -> (Job) -> Result) {
      self.makeWorker = makeWorker
    }

    func add(_ job: Job, number: Int) {
      state.withLock { $0.jobs.append((number, job)) }
      jobAdded.signal()
    }

    func close(threadCount: Int) {
      state.withLock { $0.isClosed = true }
      for _ in 0..<threadCount { jobAdded.signal() }
    }

    func result(number: Int, waits: Bool) -> Result? {
      while true {
        if let result = state.withLock({ $0.results.removeValue(forKey: number) }) {
          return result
        }
        guard waits else { return nil }
        // Another job may complete first; its result stays until its turn.
        jobDone.wait()
      }
    }

    /// Runs jobs until the queue is closed.
    func work() {
      let worker = makeWorker()
      while true {
        jobAdded.wait()
        if state.withLock({ $0.isClosed }) { return }
        workOnNext(worker)
      }
    }

    func workUntilEmpty() {
      let worker = makeWorker()
      while workOnNext(worker) {}
    }

    /// Runs the next job; returns false if there is none.
    @discardableResult
    private func workOnNext(_ worker: (Job) -> Result) -> Bool {
      let next = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
      guard let next else { return false }
      let result = worker(next.job)
      state.withLock { $0.results[next.number] = result }
      jobDone.signal()
      return true
    }
  }
}
