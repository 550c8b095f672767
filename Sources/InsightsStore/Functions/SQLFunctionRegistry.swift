internal import CSQLite

/// The functions that SQL of ours may call.
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
  /// Makes the functions whose names begin with `ql_` known to this connection.
  ///
  /// Nothing of them is stored in the database.
  ///
  /// - Throws: `StoreError` when there is no memory for them.
  public func registerFunctions() throws(StoreError) {
    for function in SQLFunctionRegistry.all {
      let code = function.register(on: handle, workspace: functionWorkspace)
      guard code == SQLITE_OK else { throw error(code, sql: "") }
    }
  }
}
