/// Events of the server in a time window, for finding duplicates.
struct KnownEvents {
  /// The result of looking up an event of a store.
  enum Outcome {
    case stored(UploadPlan.OldRow)
    /// A duplicate of an event that was stored without its id.
    case withoutID(UploadPlan.OldRow)
    /// Not stored yet; `number` is its index among equal events.
    case new(number: UInt32)
  }

  /// Identifies events of a stream and millisecond with the same text, or with the same id.
  private struct Key: Hashable {
    var stream: Int64
    var time: Int64
    var hash: UInt64
  }

  private struct NumberedKey: Hashable {
    var key: Key
    var number: UInt32
  }

  private struct Entry {
    var row: UploadPlan.OldRow
    var isTaken = false
    /// The index of the next entry with the same text; -1 for none.
    var next: Int32
  }

  private var entries: [Entry] = []
  /// The index of the last entry with each text.
  private var byText: [Key: Int32] = [:]
  private var byID: [Key: Int32] = [:]
  /// The index of the row with each number, for rows without an id.
  private var byNumber: [NumberedKey: Int32] = [:]
  /// The number for the next event that is equal to others.
  private var nextNumbers: [Key: UInt32] = [:]

  /// Adds a row; returns a row to be removed if the event is stored twice.
  ///
  /// Rows must be added in the order of positions. An interrupted ingest may leave an event with and
  /// without its id, at the same position. Concurrent ingests of which one was killed may leave the
  /// same row twice, of which the earliest stays.
  mutating func add(
    _ row: UploadPlan.OldRow, stream: Int64, hash: UInt64
  ) -> UploadPlan.OldRow? {
    let key = Key(stream: stream, time: row.timestamp, hash: hash)
    if let last = byText[key].map(Int.init), entries[last].row.position == row.position {
      let other = entries[last].row
      if other.eventID.isEmpty != row.eventID.isEmpty {
        if row.eventID.isEmpty { return row }
        entries[last].row = row
        noteID(of: row, stream: stream, entry: Int32(last))
        return other
      }
    }
    if let twin = twin(of: row, key) {
      let other = entries[twin].row
      guard row.ingest < other.ingest else { return row }
      entries[twin].row = row
      return other
    }
    entries.append(Entry(row: row, next: byText[key] ?? -1))
    byText[key] = Int32(entries.count - 1)
    nextNumbers[key] = max(nextNumbers[key] ?? 0, row.number &+ 1)
    noteID(of: row, stream: stream, entry: Int32(entries.count - 1))
    return nil
  }

  /// Returns the index of the same row of another run; otherwise records the number of the row, which
  /// will be the next entry.
  private mutating func twin(of row: UploadPlan.OldRow, _ key: Key) -> Int? {
    let index: Int32?
    if row.eventID.isEmpty {
      let numbered = NumberedKey(key: key, number: row.number)
      index = byNumber[numbered]
      if index == nil { byNumber[numbered] = Int32(entries.count) }
    } else {
      index = row.eventID.withUnsafeBufferPointer {
        byID[Key(stream: key.stream, time: key.time, hash: EventIdentity.hash(ofEventID: $0))]
      }
    }
    guard let index = index.map(Int.init), entries[index].row.ingest != row.ingest else {
      return nil
    }
    return index
  }

  private mutating func noteID(of row: UploadPlan.OldRow, stream: Int64, entry: Int32) {
    guard !row.eventID.isEmpty else { return }
    let hash = row.eventID.withUnsafeBufferPointer { EventIdentity.hash(ofEventID: $0) }
    byID[Key(stream: stream, time: row.timestamp, hash: hash)] = entry
  }

  /// Looks up an event; the matching row is removed from later lookups.
  ///
  /// With `comparesText`, a row without this id may match by its text.
  mutating func take(
    stream: Int64, time: Int64, eventID: UnsafeBufferPointer<UInt8>?,
    _ message: UnsafeBufferPointer<UInt8>, comparesText: Bool
  ) -> Outcome {
    if let eventID {
      let key = Key(stream: stream, time: time, hash: EventIdentity.hash(ofEventID: eventID))
      if let index = byID[key].map(Int.init) {
        entries[index].isTaken = true
        return .stored(entries[index].row)
      }
    }
    guard comparesText else { return .new(number: 0) }
    let key = Key(stream: stream, time: time, hash: EventIdentity.hash(of: message))
    var index = byText[key] ?? -1
    var found: Int?
    while index >= 0 {
      let entry = entries[Int(index)]
      // An event without an id may match any row; an event with an id matches no row with another
      // id.
      if !entry.isTaken, eventID == nil || entry.row.eventID.isEmpty {
        found = Int(index)
        if entry.row.eventID.isEmpty { break }
      }
      index = entry.next
    }
    if let found {
      entries[found].isTaken = true
      return eventID == nil ? .stored(entries[found].row) : .withoutID(entries[found].row)
    }
    let number = nextNumbers[key] ?? 0
    nextNumbers[key] = number &+ 1
    return .new(number: number)
  }
}
