internal import InsightsStore
internal import InsightsText

/// Encodes rows of the tables `invocations` and `errors` in the format RowBinary, for one stream.
///
/// A row's id is a hash of the stream, of all its values, and of the number of equal rows before
/// it. So the same facts lead to the same ids in every run.
struct FactRowEncoder {
  /// An encoded row with its id.
  struct Row {
    var id: UInt64
    var bytes: [UInt8]
  }

  private let key: StreamKey
  private let ingest: UInt64
  private var counts: [UInt64: UInt32] = [:]
  /// The number of rows so far.
  private var number: UInt64 = 0
  private var content = RowBinaryWriter()

  init(_ key: StreamKey, ingest: UInt64) {
    self.key = key
    self.ingest = ingest
  }

  mutating func encode(_ row: InvocationTable.Row) -> Row {
    content.removeAll()
    content.append(optional: row.requestID?.description)
    content.append(key.logGroup)
    content.append(key.logStream)
    // Attempts are numbered later, when all rows of the group are stored.
    content.append(optional: Int64(1))
    content.append(optional: row.version)
    content.append(optional: row.start)
    content.append(optional: row.end)
    content.append(optional: row.durationMilliseconds)
    content.append(optional: row.billedMilliseconds)
    content.append(optional: row.memoryMegabytes)
    content.append(optional: row.maxMemoryMegabytes)
    content.append(optional: row.initMilliseconds)
    content.append(optional: row.restoreMilliseconds)
    content.append(optional: row.billedRestoreMilliseconds)
    content.append(optional: row.status.rawValue)
    content.append(optional: row.errorType)
    content.append(optional: row.isColdStart ? 1 as Int64 : 0)
    content.append(optional: row.isTimedOut ? 1 as Int64 : 0)
    content.append(optional: row.isOutOfMemory ? 1 as Int64 : 0)
    content.append(optional: row.xrayTraceID)
    return finish()
  }

  mutating func encode(_ row: ErrorTable.Row) -> Row {
    content.removeAll()
    content.append(optional: row.timestamp)
    content.append(key.logGroup)
    content.append(key.logStream)
    content.append(optional: row.requestID?.description)
    content.append(optional: row.kind.rawValue)
    content.append(optional: row.runtime)
    content.append(optional: row.type)
    content.append(optional: row.message)
    content.append(optional: row.topFrame)
    content.append(optional: row.fingerprint)
    content.append(optional: row.httpStatus)
    content.append(optional: row.gatewayRequestID)
    content.append(optional: row.traceback)
    content.append(count: row.frames.count)
    for frame in row.frames { content.append(optional: frame.file) }
    content.append(count: row.frames.count)
    for frame in row.frames { content.append(optional: frame.line) }
    content.append(count: row.frames.count)
    for frame in row.frames { content.append(optional: frame.function) }
    content.append(count: row.frames.count)
    for frame in row.frames { content.append(optional: frame.code) }
    return finish()
  }

  private mutating func finish() -> Row {
    var id = hash(0)
    let count = counts[id, default: 0]
    counts[id] = count + 1
    if count > 0 { id = hash(count) }
    var row = RowBinaryWriter(capacity: content.bytes.count + 64)
    row.append(id)
    row.append(key.account)
    row.append(key.attributes)
    row.append(number)
    row.append(ingest)
    row.append(encoded: content.bytes)
    number += 1
    return Row(id: id, bytes: row.bytes)
  }

  private func hash(_ count: UInt32) -> UInt64 {
    var writer = RowBinaryWriter()
    writer.append(key.account)
    writer.append(key.attributes)
    writer.append(count)
    var hash = ContentHash()
    writer.bytes.withUnsafeBufferPointer { hash.update($0) }
    content.bytes.withUnsafeBufferPointer { hash.update($0) }
    return hash.value.low
  }
}
