public import InsightsThreads

/// The shared state of one execution, in every part of the program: its cancellation, limits and
/// progress.
///
/// Any thread may cancel it and read its progress.
public final class ExecutionContext: Sendable {
  /// What an execution may take at most.
  public struct Limits: Hashable, Sendable {
    /// Bytes that the scans, the functions, SQLite and the rows of a result may hold.
    ///
    /// With what the program itself holds, the default is less than 512 MB.
    public var memory: Int
    /// Rows that one command may make of others; `nil`: a number that grows with the store.
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

  /// When it has to stop.
  public let cancellation: Cancellation
  /// How much it may use.
  public let limits: Limits
  /// How far it is.
  public let progress = ExecutionProgress()

  /// Makes a context.
  public init(cancellation: Cancellation = Cancellation(), limits: Limits = Limits()) {
    self.cancellation = cancellation
    self.limits = limits
  }

  /// Cancels the execution, which stops within some 50 ms.
  public func cancel() { cancellation.cancel() }
}
