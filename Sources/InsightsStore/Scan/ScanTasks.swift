internal import InsightsThreads

/// Tasks with numbers that several threads take one after the other.
///
/// `@unchecked`: `body` is not `Sendable`, as what it fills in is not. It is called with another
/// number each time, and works on what belongs to that number or to the worker of its thread.
final class ScanTasks: @unchecked Sendable {
  private struct State {
    var next = 0
    var firstFailure: ScanFailure?
  }

  private let count: Int
  private let body: (ScanWorker, Int) throws(ScanFailure) -> Void
  private let state = Locked(State())

  init(count: Int, body: @escaping (ScanWorker, Int) throws(ScanFailure) -> Void) {
    self.count = count
    self.body = body
  }

  /// The failure that ended the work, once all threads are done.
  var failure: ScanFailure? { state.withLock { $0.firstFailure } }

  /// Does tasks until there are none or one fails.
  func work(with worker: ScanWorker) {
    while let task = take() {
      do throws(ScanFailure) {
        try body(worker, task)
      } catch {
        state.withLock { if $0.firstFailure == nil { $0.firstFailure = error } }
      }
    }
  }

  /// A thread that works on the tasks with a worker, which nobody else may use until it is joined;
  /// `nil` where there is no thread to be had, and the others do the work.
  func thread(with worker: ScanWorker) -> WorkerThread? {
    nonisolated(unsafe) let worker = worker
    return WorkerThread { self.work(with: worker) }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < count, state.firstFailure == nil else { return nil }
      defer { state.next += 1 }
      return state.next
    }
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
