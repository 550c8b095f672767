internal import InsightsScan
internal import InsightsSQLite
internal import InsightsModel
internal import InsightsThreads

/// Runs those of several statements that read no events on a separate thread, while the events are
/// read for the others.
///
/// It may be used only on the thread of the store.
final class PlainAnswers {
  private let store: Store
  private let memory: QueryMemory
  private let tasks: SharedTasks<Store, Never>
  private let answers: Slots<ResultTable>
  private var thread: WorkerThread?

  /// Starts running the statements with these `indexes`, if another connection is available.
  init(
    _ indexes: [Int], of statements: [SQLStatement], _ budgets: [QueryBudget],
    _ memory: QueryMemory, store: Store, sibling: Connection?
  ) {
    self.store = store
    self.memory = memory
    let answers = Slots<ResultTable>(count: statements.count)
    self.answers = answers
    tasks = SharedTasks(count: indexes.count) { store, number in
      let index = indexes[number]
      // The error occurs again when the result is requested, and is thrown then.
      guard let table = try? store.table(of: statements[index], over: [], budgets[index]) else {
        return
      }
      do throws(StoreError) {
        try memory.change(by: table.byteCount)
        answers[index] = table
      } catch { memory.release(table.byteCount) }
    }
    thread = sibling.flatMap { try? Store(readingBeside: store, $0) }.flatMap(tasks.thread(with:))
  }

  deinit {
    tasks.stop()
    thread?.join()
  }

  /// Returns the result of a statement, and releases its memory from the budget; `nil` if it was
  /// not computed.
  func take(_ index: Int) -> ResultTable? {
    // The remaining statements are run on this thread.
    if let thread {
      tasks.work(with: store)
      thread.join()
      self.thread = nil
    }
    guard let table = answers[index] else { return nil }
    answers[index] = nil
    memory.release(table.byteCount)
    return table
  }
}

extension ResultTable {
  /// The approximate memory of its rows in bytes.
  fileprivate var byteCount: Int { rows.reduce(0) { $0 + Store.byteCount(of: $1) } }
}
