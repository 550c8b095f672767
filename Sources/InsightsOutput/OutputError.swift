internal import Glibc

/// Why output could not be written.
public enum OutputError: Error, Hashable, Sendable {
  /// The reader has closed the pipe, as in `insights query … | head -1`.
  ///
  /// This is not a failure: the program exits with 0.
  case closedPipe
  /// The file cannot be created; `errorNumber` is the system's `errno`.
  case cannotCreate(errorNumber: Int32)
  /// Writing failed; `errorNumber` is the `errno` of `write`.
  case writeFailed(errorNumber: Int32)
}

extension OutputError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .closedPipe: "the reader closed the output"
    case .cannotCreate(let errorNumber):
      "the output cannot be created: \(String(cString: strerror(errorNumber)))"
    case .writeFailed(let errorNumber):
      "the output cannot be written: \(String(cString: strerror(errorNumber)))"
    }
  }
}
