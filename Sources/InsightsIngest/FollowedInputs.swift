internal import InsightsStore

/// What importers keep of inputs that are looked at again and again, so that a line that is added
/// costs its own work only, whatever stands before it.
///
/// It may go from one importer to the next into the same store. When somebody else has stored
/// events in between, it is forgotten, and the inputs are recognised by their bytes again.
public final class FollowedInputs {
  /// An input that was read to its end.
  struct Input {
    var events: InputEvents
    var record: SourceTable.Source
    /// Its events without those that may still become longer.
    var eventCount: Int
  }

  /// Files that are kept open; those that have grown last.
  private static let limit = 64

  private var inputs: [String: Input] = [:]
  /// The paths of the inputs, the one that was kept last at the end.
  private var paths: [String] = []
  var derivations = RestingDerivations()
  /// The position of the next event when the last run had ended.
  private var nextPosition: Int64?

  public init() {}

  /// Begins a run; what is kept counts only where the store is as the last run left it.
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

  /// Takes out the input that was read from a path.
  func take(_ path: String) -> Input? {
    guard let input = inputs.removeValue(forKey: path) else { return nil }
    paths.removeAll { $0 == path }
    return input
  }

  func keep(_ input: Input) {
    if paths.count >= FollowedInputs.limit { inputs[paths.removeFirst()] = nil }
    paths.append(input.events.file.path)
    inputs[input.events.file.path] = input
  }
}
