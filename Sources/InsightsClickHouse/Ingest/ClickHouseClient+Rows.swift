internal import InsightsModel
internal import InsightsStore
internal import InsightsThreads

extension ClickHouseClient {
  /// So often rows are sent where the connection breaks; under one token the server stores them once.
  private static let attemptCount = 3

  /// Stores rows in the format RowBinary, as one block.
  ///
  /// - Throws: `StoreError.remote` of the kind `.writeFailed` where they may not be stored.
  func insert(
    into table: ClickHouseTable, rows: [UInt8], token: String, cancellation: Cancellation
  ) throws(StoreError) {
    var attempt = 1
    while true {
      do throws(StoreError) {
        var rest: [UInt8]? = rows
        _ = try insert(
          table.insertion, token: token,
          settings: [
            // Logs may be of any number of days.
            "max_partitions_per_insert_block": "0",
            // The rows of other shards are stored when the statement ends.
            "distributed_foreground_insert": "1",
          ], cancellation: cancellation
        ) { () throws(StoreError) in
          defer { rest = nil }
          return rest
        }
        return
      } catch .remote(let failure)
        where failure.kind == .writeFailed && failure.code == nil && attempt < Self.attemptCount
      {
        attempt += 1
      }
    }
  }
}
