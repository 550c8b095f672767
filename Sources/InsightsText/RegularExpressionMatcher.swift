internal import CPCRE2

/// The working memory of searches: group ranges, limits and the stack of compiled code.
///
/// One matcher serves any number of expressions, but one search at a time: each thread needs its
/// own.
public final class RegularExpressionMatcher {
  /// The limits of steps for compiled code.
  ///
  /// A search that reaches one restarts with the next; after the last, about 0.05 s, it fails.
  ///
  /// PCRE2 does not report how many steps a search took, but the limits that it reached give an
  /// estimate. Nearly all searches stay below the first.
  private static let stepLimits: [UInt32] = [5_000, 50_000, 500_000, 1_000_000]
  /// The limit of steps for the interpreter, which runs only if the stack for compiled code
  /// overflows: long texts.
  private static let interpreterStepLimit: UInt32 = 10_000_000
  /// Enough for a group that repeats on each character of the longest log event.
  private static let interpreterHeapLimitKiB: UInt32 = 256 * 1024
  private static let stackByteCount = 64 * 1024...1024 * 1024

  private let context: OpaquePointer
  private let stack: OpaquePointer?
  private var matchData: OpaquePointer
  private var pairCapacity: Int
  private var matchedPairCount = 0
  private var searchCount = 0
  /// The steps that all searches of a query share; `nil` limits each search separately.
  public var budget: StepBudget?

  /// Allocates a matcher; about 64 KiB.
  public init() {
    guard let context = pcre2_match_context_create_8(nil),
      let matchData = pcre2_match_data_create_8(16, nil)
    else { fatalError("out of memory") }
    self.context = context
    self.matchData = matchData
    pairCapacity = 16
    stack = pcre2_jit_stack_create_8(
      Self.stackByteCount.lowerBound, Self.stackByteCount.upperBound, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
    pcre2_set_match_limit_8(context, Self.stepLimits[0])
    pcre2_set_heap_limit_8(context, Self.interpreterHeapLimitKiB)
  }

  deinit {
    pcre2_match_data_free_8(matchData)
    pcre2_match_context_free_8(context)
    pcre2_jit_stack_free_8(stack)
  }

  /// Returns the range of a group of the last match; `nil` if the group did not take part in it.
  ///
  /// Group 0 is the whole match. Offsets count from the start of the subject.
  public func range(ofGroup group: Int) -> Range<Int>? {
    guard group >= 0, group < matchedPairCount, let pairs = pcre2_get_ovector_pointer_8(matchData)
    else { return nil }
    let start = pairs[2 * group]
    let end = pairs[2 * group + 1]
    // For a group that took no part both offsets are all ones, -1 in Swift; `\K` can move a start
    // after its end.
    guard start >= 0, start <= end else { return nil }
    return start..<end
  }

  func search(
    _ subject: UnsafeBufferPointer<UInt8>, from start: Int, code: OpaquePointer, pairCount: Int
  ) -> RegularExpressionOutcome {
    matchedPairCount = 0
    guard start >= 0, start <= subject.count else { return .noMatch }
    searchCount &+= 1
    if let budget, budget.isStopped(thorough: searchCount & 0xFF == 0) { return .tooExpensive }
    reserve(pairCount)
    var result = pcre2_match_8(
      code, subject.baseAddress, subject.count, start, 0, matchData, context)
    if result == PCRE2_ERROR_MATCHLIMIT { result = searchLonger(subject, from: start, code: code) }
    if result == PCRE2_ERROR_JIT_STACKLIMIT {
      // The stack overflowed: deep backtracking over a long text. The interpreter keeps its state
      // on the heap.
      guard take(Self.stepLimits.last) else { return .tooExpensive }
      pcre2_set_match_limit_8(context, Self.interpreterStepLimit)
      result = pcre2_match_8(
        code, subject.baseAddress, subject.count, start, UInt32(PCRE2_NO_JIT), matchData, context)
      pcre2_set_match_limit_8(context, Self.stepLimits[0])
    }
    if result >= 0 {
      // Zero means more groups than offset pairs, which happens only in `matches`.
      matchedPairCount = result == 0 ? pairCapacity : Int(result)
      return .match
    }
    // Any other code is a limit, or a text that PCRE2 rejected; it is never "no match".
    return result == PCRE2_ERROR_NOMATCH ? .noMatch : .tooExpensive
  }

  /// Restarts the search with larger and larger limits.
  private func searchLonger(
    _ subject: UnsafeBufferPointer<UInt8>, from start: Int, code: OpaquePointer
  ) -> Int32 {
    defer { pcre2_set_match_limit_8(context, Self.stepLimits[0]) }
    var previous = Self.stepLimits[0]
    for limit in Self.stepLimits.dropFirst() {
      guard take(previous) else { return PCRE2_ERROR_MATCHLIMIT }
      pcre2_set_match_limit_8(context, limit)
      let result = pcre2_match_8(
        code, subject.baseAddress, subject.count, start, 0, matchData, context)
      if result != PCRE2_ERROR_MATCHLIMIT { return result }
      previous = limit
    }
    return PCRE2_ERROR_MATCHLIMIT
  }

  /// Takes steps from the budget; false if it is exhausted or the query has to stop.
  private func take(_ count: UInt32?) -> Bool {
    budget?.take(Int(count ?? 0)) ?? true
  }

  private func reserve(_ pairCount: Int) {
    guard pairCount > pairCapacity,
      let larger = pcre2_match_data_create_8(UInt32(clamping: pairCount), nil)
    else { return }
    pcre2_match_data_free_8(matchData)
    matchData = larger
    pairCapacity = pairCount
  }
}
