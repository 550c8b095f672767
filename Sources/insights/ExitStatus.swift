internal import ArgumentParser

/// The exit status, for scripts.
///
/// Values of sysexits.h are used where one fits.
enum ExitStatus: Int32, CaseIterable {
  case success = 0
  /// `--fail-if` was true, or an alarm fired.
  case conditionMet = 1
  case usage = 64
  /// The query does not compile, or part of the input was lost or truncated.
  case data = 65
  /// A path or the store is missing or unreadable.
  case noInput = 66
  case internalError = 70
  case cannotCreate = 73
  case outputFailed = 74
  case interrupted = 130

  /// The description in the manual page.
  var meaning: String {
    switch self {
    case .success: "Done, also without rows. A closed pipe ends quietly with this."
    case .conditionMet: "--fail-if was true, or an alarm fired."
    case .usage: "The command line is wrong."
    case .data: "The query does not compile, or part of an input was damaged; the rest is kept."
    case .noInput: "A path or the store is missing or unreadable; other paths are still read."
    case .internalError: "A bug in insights."
    case .cannotCreate: "An output file cannot be created."
    case .outputFailed: "Output cannot be written."
    case .interrupted: "Interrupted by Ctrl-C or SIGTERM."
    }
  }

  /// The statuses by severity; of several statuses the most severe is returned.
  private static let gravity: [ExitStatus] = [
    .success, .conditionMet, .data, .noInput, .usage, .cannotCreate, .outputFailed, .internalError,
    .interrupted,
  ]

  static func mostSevere(_ statuses: [ExitStatus]) -> ExitStatus {
    gravity.last { statuses.contains($0) } ?? .success
  }

  /// Exits with this status; success just returns.
  func exit() throws {
    if self != .success { throw ExitCode(rawValue) }
  }
}
