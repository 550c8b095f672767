internal import InsightsStore

/// What of a store's events is to be sent to a server, and as what.
struct UploadPlan {
  /// The events of one input in one stream.
  struct Input: Hashable {
    var sourceID: Int64
    var streamID: Int64
  }

  /// A row of the server that is sent anew and removed.
  struct OldRow {
    var key: StreamKey
    var timestamp: Int64
    var position: Int64
    var eventID: [UInt8]
    var ingest: UInt64
    var source: UInt64
    var number: UInt32
  }

  /// The positions in the store of events that the server has.
  var stored: PositionSet
  /// Which of several equal ones an event is, where it is not the first.
  var numbers: [Int64: UInt32] = [:]
  /// Rows of the server in whose place an event is sent, by its position in the store: now its id is known, or all of
  /// its text.
  var replacements: [Int64: OldRow] = [:]
  /// The sources that inputs have on the server already.
  var sources: [Input: UInt64] = [:]
  /// Rows of the server that are there twice.
  var surplus: [OldRow] = []

  init(positions: ClosedRange<Int64>) {
    stored = PositionSet(positions)
  }
}
