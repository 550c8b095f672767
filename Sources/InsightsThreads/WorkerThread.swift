internal import Glibc

/// A thread that runs one closure; either `join` or `detach` must be called once.
public final class WorkerThread {
  private var thread = pthread_t()

  private final class Body {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }

  /// Starts a thread; `nil` if the system cannot start one.
  public init?(_ body: @escaping @Sendable () -> Void) {
    let argument = Unmanaged.passRetained(Body(body))
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument.toOpaque())
    if code != 0 {
      argument.release()
      return nil
    }
  }

  /// Waits until the closure has returned.
  public func join() {
    pthread_join(thread, nil)
  }

  /// Lets the system release the memory of the thread once the closure has returned.
  public func detach() {
    pthread_detach(thread)
  }
}
