internal import InsightsStore

/// What the store has of an input already, and under which names.
///
/// An input is known by its bytes: a source with the same bytes, or with those that it begins with.
/// Names that a source has not are added to it, if the input comes with them now. Where both have
/// names and these differ, the events are stored under the names that they have, and under the
/// input's too only if that is asked for.
struct KnownInput {
  /// How the names of an input and of a source with its bytes stand to each other.
  private enum Relation {
    /// None contradicts the other; with `adds` the input has a name that the source has not.
    case compatible(adds: Bool)
    /// They have different names.
    case contradicting
    /// They are parts of an export of several streams, and alike by chance.
    case unrelated
  }

  /// The names of the input.
  struct Names: Equatable {
    var logGroup: String?
    var logStream: String?
  }

  /// Events of the input, by their number, that are not stored again; ascending.
  private(set) var storedEvents: [Range<Int>] = []
  /// The longest source that the input begins with.
  private(set) var parent: SourceTable.Source?
  /// The events, when there is nothing else to read.
  private(set) var wholeEventCount: Int?
  /// So many events at the start are not stored under the input's names.
  private(set) var skippedCount = 0
  /// Sources that get the names which they lack.
  private(set) var sourcesToName: [SourceTable.Source] = []
  /// The names under which events of the input are stored that are not stored under its own.
  private(set) var otherNames: Names?

  /// An input of which the store has nothing.
  init() {}

  /// What is known of an input with these names, the stream told by its path if `tellsStream`.
  ///
  /// With `again` what is stored under other names only is stored under these too.
  init(
    _ matches: SourceMatcher.Matches, names: Names, tellsStream: Bool, again: Bool
  ) {
    var covered = EventRanges()
    var coveredByName = EventRanges()
    var contradicting: SourceTable.Source?
    for source in matches.sources {
      switch KnownInput.relation(of: names, to: source, tellsStream: tellsStream) {
      case .unrelated: continue
      case .contradicting:
        contradicting = source
        if again { continue }
      case .compatible(let adds):
        let events = source.skippedCount..<max(source.skippedCount, source.eventCount)
        covered.insert(events)
        if adds { sourcesToName.append(source) }
        let lacksName =
          (names.logGroup == nil && source.logGroup != nil)
          || (names.logStream == nil && source.logStream != nil)
        if !lacksName { coveredByName.insert(events) }
      }
      // Of two of one length, either will do: they have the same events.
      parent = source
    }
    for index in sourcesToName.indices where covered.ranges == coveredByName.ranges {
      sourcesToName[index].skippedCount = covered.start(
        ofCoverTo: sourcesToName[index].eventCount)
    }
    guard let longest = parent else { return }
    let known = 0..<longest.eventCount
    storedEvents = again ? covered.ranges : [known]
    skippedCount = coveredByName.start(ofCoverTo: known.upperBound)
    if again, !covered.contains(known) {
      // What follows is read from the start, as an input of its own.
      parent = nil
      skippedCount = 0
    } else if longest.byteCount == matches.byteCount {
      wholeEventCount = longest.eventCount
    }
    if !again, let contradicting, !covered.contains(0..<contradicting.eventCount) {
      otherNames = Names(logGroup: contradicting.logGroup, logStream: contradicting.logStream)
    }
  }

  /// Whether a source with the bytes of an input, or more, may be the same.
  static func mayBe(_ source: SourceTable.Source, names: Names, tellsStream: Bool) -> Bool {
    if case .unrelated = relation(of: names, to: source, tellsStream: tellsStream) { return false }
    return true
  }

  private static func relation(
    of names: Names, to source: SourceTable.Source, tellsStream: Bool
  ) -> Relation {
    if let stream = names.logStream, let stored = source.logStream, stream != stored {
      let isTold =
        LogFormatRegistry.format(named: source.logFormat)?.logStream(ofPath: source.path) == stored
      return tellsStream && isTold ? .unrelated : .contradicting
    }
    if let group = names.logGroup, let stored = source.logGroup, group != stored {
      return .contradicting
    }
    return .compatible(
      adds: (names.logGroup != nil && source.logGroup == nil)
        || (names.logStream != nil && source.logStream == nil))
  }
}

/// Ranges of events of an input.
struct EventRanges {
  /// Ascending; none overlaps or touches another.
  private(set) var ranges: [Range<Int>] = []

  mutating func insert(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var merged = range
    for other in ranges
    where other.lowerBound <= merged.upperBound
      && merged.lowerBound <= other.upperBound
    {
      merged =
        min(merged.lowerBound, other.lowerBound)..<max(merged.upperBound, other.upperBound)
    }
    ranges.removeAll { merged.lowerBound <= $0.lowerBound && $0.upperBound <= merged.upperBound }
    ranges.append(merged)
    ranges.sort { $0.lowerBound < $1.lowerBound }
  }

  func contains(_ range: Range<Int>) -> Bool {
    range.isEmpty
      || ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
  }

  /// The first event from which on all are covered up to `end`.
  func start(ofCoverTo end: Int) -> Int {
    ranges.first { $0.contains(end - 1) }?.lowerBound ?? end
  }
}
