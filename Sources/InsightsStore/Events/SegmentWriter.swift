public import InsightsSegments
internal import InsightsScan
public import InsightsModel
public import InsightsSQLite

/// Writes encoded segments to the store.
public final class SegmentWriter {
  private let connection: Connection
  private let table: SegmentTable
  private let fields: FieldTable
  /// All segments of the store, in the order of writing.
  private(set) var directories: [SegmentDirectory]
  /// The position of the next event.
  public private(set) var nextPosition: Int64

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection, fields: FieldTable) throws(StoreError) {
    self.connection = connection
    self.fields = fields
    table = try SegmentTable(connection: connection)
    directories = try table.directories()
    let last = directories.map(\.positionRange.upperBound).max() ?? 0
    nextPosition = max(last, try table.lastSourcePosition()) + 1
  }

  /// The range of times of all events; `nil` if no event has a time.
  public var timeBounds: ClosedRange<Int64>? {
    var bounds: ClosedRange<Int64>?
    for case let times? in directories.map(\.timestamps) {
      bounds =
        min(
          bounds?.lowerBound ?? times.lowerBound, times.lowerBound)...max(
          bounds?.upperBound ?? times.upperBound, times.upperBound)
    }
    return bounds
  }

  /// Reserves positions for future events; returns the first.
  public func reservePositions(_ count: Int64) -> Int64 {
    defer { nextPosition += count }
    return nextPosition
  }

  /// Writes a segment whose first event has a reserved position.
  ///
  /// - Throws: `StoreError`.
  public func write(_ segment: EncodedSegment, firstPosition: Int64) throws(StoreError) {
    var directory = try resolve(segment)
    directory.firstPosition = firstPosition
    directory.id = try table.write(directory, of: segment)
    directories.append(directory)
    for (field, id) in zip(segment.fields, try ids(of: segment)) {
      fields.add(eventCount: field.eventCount, to: id)
    }
    for name in segment.namesBehindLimit { try fields.noteBehindLimit(name) }
  }

  /// Replaces a segment by one with those of its events that are `kept`, which keep their
  /// positions; deletes it if there are none.
  ///
  /// `old` is the replaced segment, encoded again to determine the counts of its fields.
  func replace(
    _ directory: SegmentDirectory, by segment: EncodedSegment?, of kept: [Int],
    insteadOf old: EncodedSegment
  ) throws(StoreError) {
    let index = directories.firstIndex { $0.id == directory.id }
    if let segment {
      var changed = try resolve(segment)
      changed.place(at: kept.map(directory.position))
      changed.id = try table.write(changed, of: segment, replacing: directory.id)
      if let index { directories[index] = changed }
      for (field, id) in zip(segment.fields, try ids(of: segment)) {
        fields.add(eventCount: field.eventCount, to: id)
      }
    } else {
      try table.delete(directory.id)
      if let index { directories.remove(at: index) }
    }
    for (field, id) in zip(old.fields, try ids(of: old)) {
      fields.add(eventCount: -field.eventCount, to: id)
    }
  }

  /// Replaces consecutive segments by one with the same events.
  ///
  /// `old` are the replaced segments, encoded again to determine the counts of fields; empty if the
  /// counts do not change.
  func replace(
    _ replaced: [SegmentDirectory], by segment: EncodedSegment, insteadOf old: [EncodedSegment]
  ) throws(StoreError) {
    let ids = Set(replaced.map(\.id))
    for id in ids.sorted() { try table.delete(id) }
    var directory = try resolve(segment)
    directory.place(at: replaced.flatMap(\.positions))
    directory.id = try table.write(directory, of: segment)
    let place = directories.firstIndex { ids.contains($0.id) } ?? directories.count
    directories.removeAll { ids.contains($0.id) }
    directories.insert(directory, at: place)
    guard !old.isEmpty else { return }
    for (part, sign) in [(segment, 1)] + old.map({ ($0, -1) }) {
      for (field, id) in zip(part.fields, try self.ids(of: part)) {
        fields.add(eventCount: sign * field.eventCount, to: id)
      }
    }
  }

  /// Changes the streams of a segment's events; `streams` has one entry per event.
  func change(
    streams: [Int64], of directory: SegmentDirectory, _ compressor: BlockCompressor
  ) throws(StoreError) {
    let column = IndexedIntegers(streams)
    var changed = directory
    changed.streamIDs = column.values.sorted()
    var output = BlockOutput()
    column.append(to: &output)
    try table.update(
      changed,
      streams: EncodedSegment.Block(
        column: .streams, bytes: compressor.compress(output.bytes)))
    if let index = directories.firstIndex(where: { $0.id == directory.id }) {
      directories[index] = changed
    }
  }

  /// Deletes the index filters of a segment whose streams were renamed.
  func forgetIndexes(of directory: SegmentDirectory) throws(StoreError) {
    try table.deleteIndexFilters(ofSegment: directory.id)
  }

  /// Returns the directory of a segment with the ids of its fields.
  private func resolve(_ segment: EncodedSegment) throws(StoreError) -> SegmentDirectory {
    var directory = segment.directory
    for (index, id) in try ids(of: segment).enumerated() where index < directory.fields.count {
      directory.fields[index].id = id
    }
    return directory
  }

  private func ids(of segment: EncodedSegment) throws(StoreError) -> [Int64] {
    var ids: [Int64] = []
    for field in segment.fields { ids.append(try fields.id(of: field.name)) }
    return ids
  }
}
