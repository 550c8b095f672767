internal import InsightsStore

/// The state that importers keep for inputs that are read repeatedly, so that an appended line
/// costs only its own work.
///
/// It can be passed from one importer to the next for the same store. If another process has stored
/// events in between, the state is discarded, and the inputs are recognised by their bytes again.
public final class FollowedInputs {
  /// An input that was read to its end.
  struct Input {
    var events: InputEvents
    var record: SourceTable.Source
    /// The number of its events, without those that may still grow.
    var eventCount: Int
  }

  /// The maximum number of files kept open: those that grew most recently.
  private static let limit = 64

  private var inputs: [String: Input] = [:]
  /// The paths of the inputs, least recently kept first.
  private var paths: [String] = []
  var derivations = RestingDerivations()
  /// The position of the next event at the end of the last run.
  private var nextPosition: Int64?
  private let endDelay: Duration
  /// When an end that is held back has to be read all the same.
  private var endDue: ContinuousClock.Instant?

  /// Makes an empty state.
  ///
  /// The last event of a file is held back until another one follows, or until the file has not grown
  /// for `endDelay`, a quarter of that if its last line is finished. Stored at once, it might have to be
  /// replaced, and all that is derived of its stream derived again. The inputs must be read again when
  /// `isEndDue`.
  public init(endDelay: Duration = .zero) {
    self.endDelay = endDelay
  }

  /// Whether the end of a file was held back for long enough.
  public var isEndDue: Bool { endDue.map { $0 <= .now } ?? false }

  /// How long the end of one more input may be held back; only inputs that are kept are read again.
  var nextEndDelay: Duration {
    inputs.values.count { $0.events.endDue != nil } < FollowedInputs.limit ? endDelay : .zero
  }

  /// Begins to read all inputs.
  func beginReading() {
    endDue = nil
  }

  /// Begins a run; the state is valid only if the store is as the last run left it.
  func beginRun(nextPosition: Int64) {
    if self.nextPosition != nextPosition { forget() }
    self.nextPosition = nil
  }

  func endRun(nextPosition: Int64) {
    self.nextPosition = nextPosition
  }

  func forget() {
    inputs = [:]
    paths = []
    derivations = RestingDerivations()
    nextPosition = nil
  }

  /// Removes and returns the input that was read from a path.
  func take(_ path: String) -> Input? {
    guard let input = inputs.removeValue(forKey: path) else { return nil }
    paths.removeAll { $0 == path }
    return input
  }

  func keep(_ input: Input) {
    if paths.count >= FollowedInputs.limit {
      let oldest = paths.firstIndex { inputs[$0]?.events.endDue == nil } ?? 0
      inputs[paths.remove(at: oldest)] = nil
    }
    paths.append(input.events.file.path)
    inputs[input.events.file.path] = input
    if let due = input.events.endDue { endDue = min(endDue ?? due, due) }
  }
}
