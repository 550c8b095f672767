/// Events of a server, of which copies are looked for.
struct KnownEvents {
  /// What an event of a store is.
  enum Outcome {
    case stored(UploadPlan.OldRow)
    /// A copy of one that was stored without its id.
    case withoutID(UploadPlan.OldRow)
    /// Not stored: the one with this number of those that are equal.
    case new(number: UInt32)
  }

  /// The events of a stream and a millisecond with one text, or one id.
  private struct Key: Hashable {
    var stream: Int64
    var time: Int64
    var hash: UInt64
  }

  private struct Entry {
    var row: UploadPlan.OldRow
    var isTaken = false
    /// The next entry with the same text; -1 for none.
    var next: Int32
  }

  private var entries: [Entry] = []
  /// The last entry with each text.
  private var byText: [Key: Int32] = [:]
  private var byID: [Key: Int32] = [:]
  /// The number of the next event that is equal to others.
  private var nextNumbers: [Key: UInt32] = [:]

  /// Adds a row; gives one that has to go, where the same event is there with its id and without.
  ///
  /// Positions ascend: such rows, which an ingest that was killed leaves, come one after the other.
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
    entries.append(Entry(row: row, next: byText[key] ?? -1))
    byText[key] = Int32(entries.count - 1)
    nextNumbers[key] = max(nextNumbers[key] ?? 0, row.number &+ 1)
    noteID(of: row, stream: stream, entry: Int32(entries.count - 1))
    return nil
  }

  private mutating func noteID(of row: UploadPlan.OldRow, stream: Int64, entry: Int32) {
    guard !row.eventID.isEmpty else { return }
    let hash = row.eventID.withUnsafeBufferPointer { EventIdentity.hash(ofEventID: $0) }
    byID[Key(stream: stream, time: row.timestamp, hash: hash)] = entry
  }

  /// Looks for an event, and takes the row that is the same, of which no other event is the copy then.
  ///
  /// With `comparesText` it may be one without this id.
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
      // An event without an id may be any copy, one with an id none that has another.
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
