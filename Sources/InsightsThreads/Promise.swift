/// A value that comes later, from another thread.
public final class Promise<Value: Sendable>: Sendable {
  private let value = Locked<Value?>(nil)
  private let event = OneTimeEvent()

  public init() {}

  /// Gives the value; only the first counts.
  public func fulfil(_ given: Value) {
    value.withLock { if $0 == nil { $0 = given } }
    event.happen()
  }

  /// The value, once it is there; `nil` where it does not come in time.
  public func value(within length: Duration) -> Value? {
    event.wait(length)
    return value.withLock { $0 }
  }

  /// Waits for what another thread has made or failed to make.
  ///
  /// - Throws: why it failed.
  public func get<Success>() throws -> Success where Value == Result<Success, any Error> {
    while true {
      event.wait()
      if let result = value.withLock({ $0 }) { return try result.get() }
    }
  }
}
