internal import InsightsStore

/// The events of a store that are to be sent to a server, and the rows to be replaced.
struct UploadPlan {
  /// The events of one input in one stream.
  struct Input: Hashable {
    var sourceID: Int64
    var streamID: Int64
  }

  /// A row on the server that is replaced or removed.
  struct OldRow {
    var key: StreamKey
    var timestamp: Int64
    var position: Int64
    var eventID: [UInt8]
    var ingest: UInt64
    var source: UInt64
    var number: UInt32
  }

  /// The positions in the store of events that the server already has.
  var stored: PositionSet
  /// The number of an event among equal ones, by position; omitted for the first.
  var numbers: [Int64: UInt32] = [:]
  /// Rows on the server to be replaced by an event of the store, by its position: its id or its
  /// complete text is now known.
  var replacements: [Int64: OldRow] = [:]
  /// The source ids of inputs that already exist on the server.
  var sources: [Input: UInt64] = [:]
  /// The last position of the sources that inputs continue.
  var lastPosition = Int64.min
  /// Duplicate rows on the server.
  var surplus: [OldRow] = []

  init(positions: ClosedRange<Int64>) {
    stored = PositionSet(positions)
  }
}
