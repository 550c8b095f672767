internal import InsightsModel
internal import InsightsStore

extension InvocationAssembler {
  /// Stores rows that were just taken, and remembers where they are.
  mutating func store(
    _ rows: SettledRows, in invocations: InvocationTable, _ errors: ErrorTable, streamID: Int64
  ) throws(StoreError) {
    try invocations.insert(rows.invocations, streamID: streamID)
    let firstID = try errors.insert(rows.errors, streamID: streamID)
    noteStored(rows, firstErrorID: firstID)
    for late in rows.lateRequests { try errors.setRequest(late.requestID, of: late.errorIDs) }
  }
}
