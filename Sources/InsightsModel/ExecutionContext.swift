public import InsightsThreads

/// What holds for one execution, from its start to its end, in every part of the program that works
/// on it: when it has to stop, what it may take, and how far it is.
///
/// Any thread may cancel it and read its progress.
public final class ExecutionContext: Sendable {
  /// What an execution may take at most.
  public struct Limits: Hashable, Sendable {
    /// Bytes that the scans, the functions and the rows of a result may hold.
    ///
    /// With what SQLite and the program itself hold, the default is less than 512 MB.
    public var memory: Int
    /// Rows that one command may make of others; `nil`: a number that grows with the store.
    public var rows: Int?
    /// Steps that all regexes may take together; `nil`: a number that grows with the store.
    public var steps: Int?

    public init(memory: Int = 400 << 20, rows: Int? = nil, steps: Int? = nil) {
      self.memory = memory
      self.rows = rows
      self.steps = steps
    }
  }

  /// When it has to stop.
  public let cancellation: Cancellation
  /// What it may take.
  public let limits: Limits
  /// How far it is.
  public let progress = ExecutionProgress()

  public init(cancellation: Cancellation = Cancellation(), limits: Limits = Limits()) {
    self.cancellation = cancellation
    self.limits = limits
  }

  /// Asks for the execution to stop, which it does within some 50 ms.
  public func cancel() { cancellation.cancel() }
}
