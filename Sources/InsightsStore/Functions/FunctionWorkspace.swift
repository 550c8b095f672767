internal import InsightsModel
internal import InsightsText

/// Memory that the functions of one connection use again from call to call.
///
/// Calls do not nest (arguments are there before the body runs), so one of each is enough.
final class FunctionWorkspace {
  /// Where a result is put together.
  var output: [UInt8] = []
  /// Where an argument is changed before use, such as folded to lower case.
  var folded: [UInt8] = []
  /// Captures of the last glob.
  var captures: [Range<Int>] = []
  let matcher = RegularExpressionMatcher()
  /// What the statement may do of what multiplies.
  var budget = QueryBudget(eventCount: 0) {
    didSet {
      matcher.budget = budget.steps
      rowCounts = [:]
    }
  }
  /// Rows that were made of others, by the place in the statement that makes them.
  var rowCounts: [Int64: Int] = [:]
  /// Why a function has ended the statement.
  var failure: StoreError?
  /// The tables that `cidrlookup` may ask, by name.
  var lookupTables: [String: LookupTable] = [:]
}
