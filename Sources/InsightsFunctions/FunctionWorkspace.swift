package import InsightsModel
package import InsightsSQLite
internal import InsightsText

/// Buffers that the functions of a connection reuse from call to call.
///
/// Calls do not nest (arguments are evaluated first), so one of each is enough.
package final class FunctionWorkspace: FunctionState {
  /// A buffer for results.
  var output: [UInt8] = []
  /// A buffer for a transformed argument, such as one in lower case.
  var folded: [UInt8] = []
  /// The captures of the last glob.
  var captures: [Range<Int>] = []
  let matcher = RegularExpressionMatcher()
  /// The limits of the statement.
  package var budget = QueryBudget(eventCount: 0) {
    didSet {
      matcher.budget = budget.steps
      rowCounts = [:]
    }
  }
  /// The number of generated rows, by the place in the statement that generates them.
  var rowCounts: [Int64: Int] = [:]
  /// The error with which a function has stopped the statement.
  package var failure: StoreError?
  /// The tables of `cidrlookup`, by name.
  package var lookupTables: [String: LookupTable] = [:]
  /// Whether the function of `InvocationReader` is registered.
  package var hasInvocationReader = false
}

extension Connection {
  /// The state that the functions of this connection share.
  package var functionWorkspace: FunctionWorkspace {
    if let workspace = functionState as? FunctionWorkspace { return workspace }
    let workspace = FunctionWorkspace()
    functionState = workspace
    return workspace
  }
}
