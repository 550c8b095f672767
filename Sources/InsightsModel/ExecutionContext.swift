public import InsightsThreads

/// The shared state of one execution, in every part of the program: its cancellation, limits and
/// progress.
///
/// Any thread may cancel it and read its progress.
public final class ExecutionContext: Sendable {
  /// The maximum resources of an execution.
  public struct Limits: Hashable, Sendable {
    /// The maximum number of bytes in scans, functions, SQLite and the rows of a result.
    ///
    /// With the program's own memory, the default is less than 512 MB.
    public var memory: Int
    /// The maximum number of rows that one command may generate; `nil` for a number that grows with
    /// the store.
    public var rows: Int?
    /// The maximum number of steps of all regexes together; `nil` for a number that grows with the
    /// store.
    public var steps: Int?

    /// Makes limits.
    public init(memory: Int = 400 << 20, rows: Int? = nil, steps: Int? = nil) {
      self.memory = memory
      self.rows = rows
      self.steps = steps
    }
  }

  /// The cancellation and the deadline.
  public let cancellation: Cancellation
  /// The maximum resources.
  public let limits: Limits
  /// The progress so far.
  public let progress = ExecutionProgress()

  /// Makes a context.
  public init(cancellation: Cancellation = Cancellation(), limits: Limits = Limits()) {
    self.cancellation = cancellation
    self.limits = limits
  }

  /// Cancels the execution, which stops within some 50 ms.
  public func cancel() { cancellation.cancel() }
}
