internal import Glibc
internal import InsightsOutput
internal import InsightsStore

/// Whether the user has asked the program to stop, by Ctrl-C or SIGTERM.
enum Interruption {
  nonisolated(unsafe) private static var isRequested: sig_atomic_t = 0
  /// Seconds that the program may still take, 0 for any time; `nil` where it goes on all the same.
  nonisolated(unsafe) private static var grace: UInt32?

  /// Seconds in which a query that was stopped has left nothing behind, if its output can be written.
  static let usualGrace: UInt32 = 2

  static var hasCome: Bool { isRequested != 0 }

  /// Ends a command before it begins with output that appears whole or not at all.
  ///
  /// - Throws: `StoreError.interrupted`.
  static func check() throws {
    if hasCome { throw StoreError.interrupted }
  }

  /// Whether it has come since the last call.
  static func takeRequest() -> Bool {
    defer { isRequested = 0 }
    return isRequested != 0
  }

  private static func endByForce() {
    FileReplacement.removePending()
    _exit(ExitStatus.interrupted.rawValue)
  }

  /// Waits a while, less when a signal comes or when nobody reads standard output any more.
  ///
  /// - Throws: `OutputError.closedPipe`.
  static func wait(milliseconds: Int32) throws {
    var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return }
    if Int32(request.revents) & POLLERR != 0 { throw OutputError.closedPipe }
    // A terminal that is gone, or another descriptor that cannot be waited on.
    usleep(UInt32(milliseconds) * 1000)
  }

  /// From now on a signal is noted instead of ending the program, which ends in its own way.
  ///
  /// With `grace` it is ended by force where that takes more seconds, as it may wait for somebody who
  /// reads its output, or where a second signal comes.
  static func watch(grace: UInt32? = nil) {
    self.grace = grace
    signal(SIGALRM) { _ in Interruption.endByForce() }
    // A parent may have left the signals blocked or ignored.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if let grace = Interruption.grace {
          if Interruption.isRequested != 0 { Interruption.endByForce() }
          alarm(grace)
        }
        Interruption.isRequested = 1
      }
      sigaddset(&signals, number)
    }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }
}
