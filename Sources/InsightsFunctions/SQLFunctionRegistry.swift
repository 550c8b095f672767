public import InsightsModel
public import InsightsSQLite
internal import CSQLite

/// The registry of SQL functions.
enum SQLFunctionRegistry {
  static var all: [SQLFunction] {
    ComparisonFunctions.all + ExactNumberFunctions.all + PatternFunctions.all + TextFunctions.all
      + TrimFunctions.all
      + DateFunctions.all + FieldFunctions.all + AddressFunctions.all + SumFunctions.all
      + PercentileFunctions.all + SelectionFunctions.all + StructureFunctions.all
      + ReplacementFunctions.all + ConversionFunctions.all + EncodingFunctions.all
      + DateTextFunctions.all + DistinctFunctions.all + RateFunctions.all + HistogramFunctions.all
      + BudgetFunctions.all
      + ParseFunctions.all + ClusteringFunctions.all + CIDRFunctions.all + RelevanceFunctions.all
  }
}

extension Connection {
  /// Registers the functions whose names begin with `ql_` on this connection.
  ///
  /// Nothing about them is stored in the database.
  ///
  /// - Throws: `StoreError` if there is not enough memory.
  public func registerFunctions() throws(StoreError) {
    for function in SQLFunctionRegistry.all {
      let code = function.register(on: handle, workspace: functionWorkspace)
      guard code == SQLITE_OK else { throw error(code, sql: "") }
    }
  }
}
