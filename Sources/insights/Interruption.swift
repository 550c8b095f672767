internal import Glibc
internal import InsightsOutput
internal import InsightsModel
internal import InsightsStore

/// Whether the user has asked the program to stop, by Ctrl-C or SIGTERM.
enum Interruption {
  nonisolated(unsafe) private static var isRequested: sig_atomic_t = 0
  /// The seconds until the program is ended by force; 0 for no limit, `nil` if it continues anyway.
  nonisolated(unsafe) private static var grace: UInt32?

  /// Seconds within which a cancelled query has cleaned up, if its output can be written.
  static let usualGrace: UInt32 = 2

  static var hasCome: Bool { isRequested != 0 }

  /// Ends a command before it begins output that must appear as a whole or not at all.
  ///
  /// - Throws: `StoreError.interrupted`.
  static func check() throws {
    if hasCome { throw StoreError.interrupted }
  }

  /// Whether a request has arrived since the last call.
  static func takeRequest() -> Bool {
    defer { isRequested = 0 }
    return isRequested != 0
  }

  private static func endByForce() {
    FileReplacement.removePending()
    _exit(ExitStatus.interrupted.rawValue)
  }

  /// Waits; returns early on a signal, and if standard output is closed by its reader.
  ///
  /// - Throws: `OutputError.closedPipe`.
  static func wait(milliseconds: Int32) throws {
    var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return }
    if Int32(request.revents) & POLLERR != 0 { throw OutputError.closedPipe }
    // The terminal is gone, or the descriptor cannot be polled.
    usleep(UInt32(milliseconds) * 1000)
  }

  /// From now on a signal is recorded instead of ending the program, which ends by itself.
  ///
  /// With `grace` it is ended by force after that many seconds, as it may be blocked by the reader
  /// of its output, or by a second signal.
  static func watch(grace: UInt32? = nil) {
    self.grace = grace
    signal(SIGALRM) { _ in Interruption.endByForce() }
    // The parent process may have blocked or ignored the signals.
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
