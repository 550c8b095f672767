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
  /// Bytes that the groups of aggregates hold outside of SQLite, about, and how many they may be.
  var groupByteCount = 0
  var groupByteLimit = Int.max
  /// The tables that `cidrlookup` may ask, by name.
  var lookupTables: [String: LookupTable] = [:]
}
