internal import Glibc
internal import InsightsOutput

/// Whether the user has asked the program to stop, by Ctrl-C or SIGTERM.
///
/// Only for commands that go on until they are stopped; others just end.
enum Interruption {
  nonisolated(unsafe) private static var isRequested: sig_atomic_t = 0

  static var hasCome: Bool { isRequested != 0 }

  /// Whether it has come since the last call.
  static func takeRequest() -> Bool {
    defer { isRequested = 0 }
    return isRequested != 0
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

  /// From now on a signal is noted instead of ending the program.
  static func watch() {
    // A parent may have left the signals blocked or ignored.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in Interruption.isRequested = 1 }
      sigaddset(&signals, number)
    }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }
}
