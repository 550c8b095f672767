internal import Glibc

/// Whether the user has asked the program to stop, by Ctrl-C or SIGTERM.
///
/// Only for commands that go on until they are stopped; others just end.
enum Interruption {
  nonisolated(unsafe) private static var isRequested: sig_atomic_t = 0

  static var hasCome: Bool { isRequested != 0 }

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
