internal import CPCRE2

/// A pattern is not a valid regular expression.
public struct RegularExpressionError: Error, Equatable {
  /// The problem, as a lower-case phrase.
  public let message: String
  /// The position of the error in bytes from the start of the pattern; at most its length.
  public let offset: Int
}

/// The result of a search.
public enum RegularExpressionOutcome: Sendable {
  case match
  case noMatch
  /// The search reached its limit of steps or memory, or the budget of its query; whether the text
  /// matches is unknown.
  case tooExpensive
}

/// A compiled Perl-style regular expression that searches bytes.
///
/// Unanchored and case-sensitive unless the pattern says otherwise (`(?i)`). Texts are read as
/// UTF-8; invalid bytes match nothing and do no harm. It can be shared between threads: searches
/// write only to the `RegularExpressionMatcher`.
public final class RegularExpression: @unchecked Sendable {
  // Never written after `init`, which makes sharing safe.
  private let code: OpaquePointer

  /// The number of capturing groups, named or not.
  public let captureCount: Int

  /// The names of the capturing groups in order of group number; `nil` for an unnamed group.
  ///
  /// The group with number n is at index n - 1.
  public let captureNames: [String?]

  /// Compiles a pattern.
  ///
  /// - Throws: `RegularExpressionError` with the offset of the error in the pattern.
  public init(pattern: String) throws(RegularExpressionError) {
    let utf8 = Array(pattern.utf8)
    var errorCode: Int32 = 0
    var errorOffset = 0
    let compiled = utf8.withUnsafeBufferPointer { bytes in
      pcre2_compile_8(
        bytes.baseAddress, bytes.count, UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF),
        &errorCode, &errorOffset, nil)
    }
    guard let compiled else {
      throw RegularExpressionError(
        message: Self.message(forCode: errorCode), offset: min(max(errorOffset, 0), utf8.count))
    }
    // Without JIT (unsupported processor, no executable memory) the interpreter returns the same
    // results, only more slowly.
    _ = pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE))
    code = compiled
    captureCount = Self.captureCount(of: compiled)
    captureNames = Self.captureNames(of: compiled, count: captureCount)
  }

  deinit {
    pcre2_code_free_8(code)
  }

  /// Searches `subject` for the first match at or after the byte `start`.
  ///
  /// After `.match` the matcher holds the ranges of the groups until its next search.
  public func firstMatch(
    in subject: UnsafeBufferPointer<UInt8>, startingAt start: Int = 0,
    using matcher: RegularExpressionMatcher
  ) -> RegularExpressionOutcome {
    matcher.search(subject, from: start, code: code, pairCount: captureCount + 1)
  }

  /// Whether `subject` contains a match.
  public func matches(
    _ subject: UnsafeBufferPointer<UInt8>, using matcher: RegularExpressionMatcher
  ) -> RegularExpressionOutcome {
    matcher.search(subject, from: 0, code: code, pairCount: 1)
  }

  private static func message(forCode code: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
    return String(decoding: buffer.prefix(Int(max(length, 0))), as: UTF8.self)
  }

  private static func captureCount(of code: OpaquePointer) -> Int {
    var count: UInt32 = 0
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    return Int(count)
  }

  private static func captureNames(of code: OpaquePointer, count: Int) -> [String?] {
    var names = [String?](repeating: nil, count: count)
    var entryCount: UInt32 = 0
    var entrySize: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &entryCount)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entrySize)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return names }
    for entry in 0..<Int(entryCount) {
      // An entry is the group number in two bytes, high byte first, then the name and a NUL.
      let start = table + entry * Int(entrySize)
      let group = Int(start[0]) << 8 | Int(start[1])
      let name = UnsafeBufferPointer(start: start + 2, count: Int(entrySize) - 2)
      if group >= 1, group <= count {
        names[group - 1] = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    return names
  }
}
