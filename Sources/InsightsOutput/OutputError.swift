internal import Glibc

/// Why output could not be written.
public enum OutputError: Error, Hashable, Sendable {
  /// The reader has gone, as in `insights query … | head -1`. Not a failure: the program ends with 0.
  case closedPipe
  /// There can be no file at the path; `errorNumber` is the system's.
  case cannotCreate(errorNumber: Int32)
  /// The system refused; `errorNumber` is the `errno` of `write`.
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
