/// An event that happens once, with callbacks; thread-safe.
public final class OneTimeEvent: Sendable {
  /// A callback for the event.
  public typealias Watcher = @Sendable () -> Void

  private struct State {
    var hasHappened = false
    var lastID = 0
    var watchers: [Int: Watcher] = [:]
  }

  private let state = Locked(State())

  public init() {}

  /// Whether the event has happened; never becomes false again.
  public var hasHappened: Bool { state.withLock { $0.hasHappened } }

  /// Marks the event as happened and calls all watchers, on this thread.
  ///
  /// Only the first call has an effect.
  public func happen() {
    let watchers = state.withLock { state in
      state.hasHappened = true
      defer { state.watchers = [:] }
      return state.watchers.sorted { $0.key < $1.key }.map(\.value)
    }
    for watcher in watchers { watcher() }
  }

  /// Registers `watcher` for the event; calls it at once if the event has happened.
  ///
  /// - Returns: a function that removes the watcher.
  @discardableResult
  public func watch(_ watcher: @escaping Watcher) -> Watcher {
    let id = state.withLock { state -> Int? in
      guard !state.hasHappened else { return nil }
      state.lastID += 1
      state.watchers[state.lastID] = watcher
      return state.lastID
    }
    guard let id else {
      watcher()
      return {}
    }
    return { [state] in state.withLock { $0.watchers[id] = nil } }
  }

  /// Waits for the event.
  public func wait() {
    let semaphore = Semaphore()
    watch { semaphore.signal() }
    semaphore.wait()
  }

  /// Waits for the event with a timeout; returns whether it has happened.
  @discardableResult
  public func wait(_ length: Duration) -> Bool {
    let semaphore = Semaphore()
    let forget = watch { semaphore.signal() }
    defer { forget() }
    return semaphore.wait(atMost: length)
  }
}
