internal import InsightsThreads
internal import Synchronization

/// The decoded templates of segments, for the queries of a store that stays open.
///
/// They are how messages are put together, and are the same for all queries; nothing that a query
/// found is kept. Thread-safe.
package final class KeptTemplates: Sendable {
  /// The memory for the templates of all stores that share it.
  ///
  /// When it is used up, what comes later is decoded again by each query: of segments that are read
  /// in turn, replacing the oldest would keep none.
  package final class Memory: Sendable {
    private let rest: Atomic<Int>

    /// Allows for a number of bytes.
    package init(byteCount: Int) {
      rest = Atomic(byteCount)
    }

    /// Takes bytes; returns false if there are not as many left.
    func take(_ count: Int) -> Bool {
      if rest.subtract(count, ordering: .relaxed).newValue >= 0 { return true }
      giveBack(count)
      return false
    }

    func giveBack(_ count: Int) { rest.add(count, ordering: .relaxed) }
  }

  private let memory: Memory
  private let directories = Locked<[Int64: TemplateDirectory]>([:])

  package init(in memory: Memory) {
    self.memory = memory
  }

  /// Returns the templates of a segment, if they are kept.
  func templates(of segment: Int64) -> TemplateDirectory? {
    directories.withLock { $0[segment] }
  }

  /// Keeps the templates of a segment, if there is memory for them.
  func keep(_ templates: TemplateDirectory, of segment: Int64) {
    guard templates.join(memory) else { return }
    directories.withLock { $0[segment] = templates }
  }
}
