/// A value that another thread provides later.
public final class Promise<Value: Sendable>: Sendable {
  private let value = Locked<Value?>(nil)
  private let event = OneTimeEvent()

  /// Makes a promise without a value.
  public init() {}

  /// Sets the value; only the first call has an effect.
  public func fulfil(_ given: Value) {
    value.withLock { if $0 == nil { $0 = given } }
    event.happen()
  }

  /// Waits for the value; `nil` on timeout.
  public func value(within length: Duration) -> Value? {
    event.wait(length)
    return value.withLock { $0 }
  }

  /// Waits for the result of another thread.
  ///
  /// - Throws: its error.
  public func get<Success>() throws -> Success where Value == Result<Success, any Error> {
    while true {
      event.wait()
      if let result = value.withLock({ $0 }) { return try result.get() }
    }
  }
}
