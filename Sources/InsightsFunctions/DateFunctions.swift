internal import InsightsScan

/// `ql_datefloor` and `ql_dateceil` (milliseconds, count, unit): the edges of periods in UTC;
/// `ql_add_months` (milliseconds, months): the same time in another month.
enum DateFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_datefloor", arguments: 3) {
        DateFunctions.edge(SQLCall($0, $1, $2), isCeiling: false)
      },
      SQLFunction("ql_dateceil", arguments: 3) {
        DateFunctions.edge(SQLCall($0, $1, $2), isCeiling: true)
      },
      SQLFunction("ql_add_months", arguments: 2) {
        DateFunctions.addMonths(SQLCall($0, $1, $2))
      },
    ]
  }

  private static func edge(_ call: SQLCall, isCeiling: Bool) {
    guard let period = DateKernels.Period(count: call[1], unit: call[2]) else { return }
    call.setResult(
      isCeiling ? DateKernels.ceil(call[0], period) : DateKernels.floor(call[0], period))
  }

  private static func addMonths(_ call: SQLCall) {
    call.setResult(DateKernels.adding(months: call[1], to: call[0]))
  }
}
