/// A pattern of log lines: constant text and tokens.
public struct LogPattern: Sendable {
  /// A piece of the pattern.
  public enum Piece: Sendable {
    case literal([UInt8])
    case token(Token)
  }

  /// A part that varies.
  public struct Token: Sendable {
    /// The kind of the varying part.
    public var kind: TokenKind
    /// Counts from 1, left to right.
    public var position: Int
    /// The values of the token.
    public var values: TokenValues

    /// `Time-1`.
    public var name: String { "\(kind.name)-\(position)" }
  }

  /// The pieces of the pattern, in order.
  public internal(set) var pieces: [Piece]
  /// The pattern as displayed: `<Time-1> [INFO] user <Token-2> logged in`.
  public internal(set) var text: [UInt8]
  /// A regex that matches all lines of the pattern, and possibly others like them.
  public internal(set) var regex: [UInt8]
  /// The number of lines in the current period.
  public internal(set) var count: Int
  /// The number of lines in the compared period.
  public internal(set) var comparedCount: Int
  /// The number of lines over time.
  public internal(set) var histogram: TimeHistogram
  /// The oldest lines of the pattern.
  public internal(set) var samples: LogSamples

  /// The severity of the lines, by the words in the pattern.
  public var severity: Severity {
    let folded = text.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
    return folded.withUnsafeBufferPointer { text in
      if text.firstOffset(of: "error") != nil { return .error }
      return text.firstOffset(of: "warn") != nil ? .warning : .information
    }
  }

  /// The severity of lines, with its name in results.
  public enum Severity: String, Sendable {
    case error = "ERROR"
    case warning = "WARN"
    case information = "INFO"
  }

  /// Whether a piece is a status code: a number at most four characters after `status`, `code` or
  /// `http`.
  func isStatus(pieceAt index: Int) -> Bool {
    guard index > 0, case .token(let token) = pieces[index], token.kind == .number,
      case .literal(let text) = pieces[index - 1]
    else { return false }
    let folded = text.suffix(14).map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
    return folded.withUnsafeBufferPointer { tail in
      [("status", 6), ("code", 4), ("http", 4)].contains { word, length in
        tail.firstOffset(of: word).map { tail.count - $0 - length <= 4 } ?? false
      }
    }
  }

  /// The tokens, in order.
  public var tokens: [Token] {
    pieces.compactMap { if case .token(let token) = $0 { token } else { nil } }
  }
}
