internal import Glibc

/// Tasks with numbers that several threads take one after the other.
final class ScanTasks: @unchecked Sendable {
  private let count: Int
  private let body: (ScanWorker, Int) throws(ScanFailure) -> Void
  private let lock = Lock()
  // Guarded by the lock.
  private var next = 0
  private var firstFailure: ScanFailure?

  init(count: Int, body: @escaping (ScanWorker, Int) throws(ScanFailure) -> Void) {
    self.count = count
    self.body = body
  }

  /// The failure that ended the work, once all threads are done.
  var failure: ScanFailure? { lock.withLock { firstFailure } }

  /// Does tasks until there are none or one fails.
  func work(with worker: ScanWorker) {
    while let task = take() {
      do throws(ScanFailure) {
        try body(worker, task)
      } catch {
        lock.withLock { if firstFailure == nil { firstFailure = error } }
      }
    }
  }

  private func take() -> Int? {
    lock.withLock {
      guard next < count, firstFailure == nil else { return nil }
      defer { next += 1 }
      return next
    }
  }
}

/// A thread that works on tasks until there are none; `join` it.
final class ScanThread {
  private var thread = pthread_t()
  private var isRunning = false

  private final class Work {
    let worker: ScanWorker
    let tasks: ScanTasks

    init(_ worker: ScanWorker, _ tasks: ScanTasks) {
      self.worker = worker
      self.tasks = tasks
    }
  }

  /// Starts the thread; without one to be had, the others do the work.
  init(worker: ScanWorker, tasks: ScanTasks) {
    let work = Unmanaged.passRetained(Work(worker, tasks))
    let code = pthread_create(
      &thread, nil,
      { memory in
        guard let memory else { return nil }
        let work = Unmanaged<Work>.fromOpaque(memory).takeRetainedValue()
        work.tasks.work(with: work.worker)
        return nil
      }, work.toOpaque())
    isRunning = code == 0
    if !isRunning { work.release() }
  }

  func join() {
    if isRunning { pthread_join(thread, nil) }
    isRunning = false
  }
}

/// Places for results that different threads fill, each its own.
final class Slots<Element> {
  private let memory: UnsafeMutableBufferPointer<Element?>

  init(count: Int) {
    memory = .allocate(capacity: count)
    memory.initialize(repeating: nil)
  }

  deinit {
    memory.deinitialize()
    memory.deallocate()
  }

  subscript(index: Int) -> Element? {
    get { memory[index] }
    set { memory[index] = newValue }
  }

  /// What was filled in, in order.
  var all: [Element] { memory.compactMap { $0 } }
}
