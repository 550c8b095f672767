internal import InsightsModel
internal import InsightsThreads

/// The answers of those among several statements that read no events: they are found on a thread of
/// its own, while the events are read for the others.
///
/// Belongs to one thread, that of the store.
final class PlainAnswers {
  private let store: Store
  private let memory: QueryMemory
  private let tasks: SharedTasks<Store, Never>
  private let answers: Slots<ResultTable>
  private var thread: WorkerThread?

  /// Begins to answer the statements with these `indexes`, where there is another connection for it.
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
      // Whoever asks for it next will find out why there is none.
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

  /// The answer of a statement, which counts as held no more; `nil` where it was not found.
  func take(_ index: Int) -> ResultTable? {
    // What is left is done here.
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
  /// Bytes that its rows hold, about.
  fileprivate var byteCount: Int { rows.reduce(0) { $0 + Store.byteCount(of: $1) } }
}
