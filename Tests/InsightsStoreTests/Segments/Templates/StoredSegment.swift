@testable import InsightsSegments
@testable import InsightsScan
import InsightsTestSupport
import InsightsText

import InsightsSQLite
@testable import InsightsStore

/// A segment in a store of its own.
struct StoredSegment {
  let connection: Connection
  let directory: SegmentDirectory
  /// The names of its fields, in the order of the directory's.
  let fieldNames: [[UInt8]]

  init(
    _ messages: [[UInt8]], timestamps: [Int64?], classify: @escaping SegmentEncoder.Classify
  ) throws {
    connection = try Connection(path: "", mode: .inMemory)
    try connection.execute(
      """
      CREATE TABLE segment_blocks (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE segment_uuid_filters (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      """)
    var events = SegmentEvents()
    for (message, timestamp) in zip(messages, timestamps) {
      message.withUnsafeBufferPointer {
        events.append(EventRow(timestamp: timestamp, streamID: 1, sourceID: 1, message: $0))
      }
    }
    var segment = SegmentEncoder(classify: classify).encode(events)
    segment.directory.id = 1
    directory = segment.directory
    fieldNames = segment.fields.map(\.name)
    let insert = try connection.prepare("INSERT INTO segment_blocks VALUES (?1, ?2)")
    for block in segment.blocks {
      insert.bind(block.column.blockID(ofSegment: 1), at: 1)
      try block.bytes.withUnsafeBytes { bytes in
        insert.bind(blob: bytes, at: 2)
        _ = try insert.step()
      }
      insert.reset()
    }
  }

  func reader() throws -> SegmentReader {
    SegmentReader(directory: directory, blocks: try SegmentBlocks(connection: connection))
  }
}
