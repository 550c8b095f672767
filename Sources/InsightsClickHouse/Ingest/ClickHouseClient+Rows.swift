internal import InsightsModel
internal import InsightsStore
internal import InsightsThreads

extension ClickHouseClient {
  /// The maximum number of attempts if the connection breaks; with the same token the server stores
  /// the rows once.
  private static let attemptCount = 3

  /// Inserts rows in the format RowBinary as one block.
  ///
  /// - Throws: `StoreError.remote` of the kind `.writeFailed` if they may not have been stored.
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
            // Logs may span any number of days.
            "max_partitions_per_insert_block": "0",
            // When the statement ends, the rows of other shards are stored, too.
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
