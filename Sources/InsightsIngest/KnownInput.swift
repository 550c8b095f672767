internal import InsightsStore

/// The part of an input that the store already contains, and the names under which it is stored.
///
/// An input is recognised by its bytes: a source has the same bytes, or the input begins with those
/// of the source. If the input has names that the source lacks, they are added to the source. If
/// both have names and these differ, the events keep their names, and are stored under the input's
/// names as well only on request.
struct KnownInput {
  /// The relation between the names of an input and those of a source with the same bytes.
  private enum Relation {
    /// The names do not conflict; with `adds` the input has a name that the source lacks.
    case compatible(adds: Bool)
    /// The names differ.
    case contradicting
    /// They are parts of an export of several streams, and equal by coincidence.
    case unrelated
  }

  /// The names of the input.
  struct Names: Equatable {
    var logGroup: String?
    var logStream: String?
  }

  /// The numbers of the input's events that are not stored again; ascending.
  private(set) var storedEvents: [Range<Int>] = []
  /// The longest source that the input begins with.
  private(set) var parent: SourceTable.Source?
  /// The number of events, if nothing else has to be read.
  private(set) var wholeEventCount: Int?
  /// The number of events at the start that are not stored under the input's names.
  private(set) var skippedCount = 0
  /// Sources that receive the names which they lack.
  private(set) var sourcesToName: [SourceTable.Source] = []
  /// The names of events of the input that are not stored under its own names.
  private(set) var otherNames: Names?

  /// Makes the result for an input that the store does not contain.
  init() {}

  /// Determines what the store already contains of an input with these names.
  ///
  /// `namesStream`: the stream's name comes from the path. `again`: events that are stored only
  /// under other names are also stored under these.
  init(
    _ matches: SourceMatcher.Matches, names: Names, namesStream: Bool, again: Bool
  ) {
    var covered = EventRanges()
    var coveredByName = EventRanges()
    var contradicting: SourceTable.Source?
    for source in matches.sources {
      switch KnownInput.relation(of: names, to: source, namesStream: namesStream) {
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
      // Of two with equal length either will do: they have the same events.
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
      // The rest is read from the start, as a separate input.
      parent = nil
      skippedCount = 0
    } else if longest.byteCount == matches.byteCount {
      wholeEventCount = longest.eventCount
    }
    if !again, let contradicting, !covered.contains(0..<contradicting.eventCount) {
      otherNames = Names(logGroup: contradicting.logGroup, logStream: contradicting.logStream)
    }
  }

  /// Whether a source with at least the bytes of an input may be the same.
  static func mayBe(_ source: SourceTable.Source, names: Names, namesStream: Bool) -> Bool {
    if case .unrelated = relation(of: names, to: source, namesStream: namesStream) { return false }
    return true
  }

  private static func relation(
    of names: Names, to source: SourceTable.Source, namesStream: Bool
  ) -> Relation {
    if let stream = names.logStream, let stored = source.logStream, stream != stored {
      let isNamed =
        LogFormatRegistry.format(named: source.logFormat)?.logStream(ofPath: source.path) == stored
      return namesStream && isNamed ? .unrelated : .contradicting
    }
    if let group = names.logGroup, let stored = source.logGroup, group != stored {
      return .contradicting
    }
    return .compatible(
      adds: (names.logGroup != nil && source.logGroup == nil)
        || (names.logStream != nil && source.logStream == nil))
  }
}

/// Ranges of event numbers of an input.
struct EventRanges {
  /// Ascending; ranges neither overlap nor touch.
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

  /// Returns the first event from which all events up to `end` are covered.
  func start(ofCoverTo end: Int) -> Int {
    ranges.first { $0.contains(end - 1) }?.lowerBound ?? end
  }
}
