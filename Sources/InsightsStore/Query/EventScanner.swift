internal import InsightsSegments
public import InsightsScan
internal import InsightsSQLite
public import InsightsModel
public import InsightsThreads

/// Reads events and evaluates scan requests.
///
/// The segments of a store have one scanner; a store on another machine has another. The statement
/// itself runs here, over the rows of its scans.
public protocol EventScanner: AnyObject {
  /// The requests that it can evaluate.
  var capabilities: ScanCapabilities { get }

  /// Starts a scan of a relation.
  ///
  /// `columns` are names of fields, or of columns that the request defines. The scan must end soon
  /// after the context is cancelled, and respect its limits.
  ///
  /// - Throws: `StoreError` if the scan cannot be started.
  func scan(
    _ request: ScanRequest, of relation: String, columns: [String], context: ExecutionContext
  ) throws(StoreError) -> any EventScan
}

/// The events of a store on another machine, with the information that the tables of a local store
/// would contain.
public protocol RemoteEvents: EventScanner {
  /// The address of the store, for display.
  var address: String { get }
  /// The facts derived from the events.
  var facts: any RemoteFacts { get }
  /// The number of events when the other machine was last asked.
  var eventCount: Int { get }
  /// Begins another use of the open store, in which the names of fields and log groups are those of
  /// the events that are there now.
  ///
  /// Returns false if the store has to be opened anew, as it was checked too long ago.
  func reuse() -> Bool
  /// Asks the other machine for the state of the store without waiting for the reply, if this use
  /// does not know it yet.
  func beginCheck(_ cancellation: Cancellation)
  /// Returns the state of the store in this use.
  func state(_ cancellation: Cancellation) throws(StoreError) -> RemoteState
  /// Returns the statement of a scan on the other machine, for display.
  func statement(_ request: ScanRequest, of relation: String, columns: [String]) -> String
  func discoveredFields(_ cancellation: Cancellation) throws(StoreError) -> Set<String>
  /// Returns the named log groups with their accounts, sorted.
  func logGroups(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, account: String)]
  /// Returns the time of the newest event in epoch milliseconds; `nil` if no event has a time.
  func newestTimestamp(_ cancellation: Cancellation) throws(StoreError) -> Int64?
  /// Returns the names of the log streams of a group, sorted by their bytes.
  func logStreams(
    ofGroup name: String, _ cancellation: Cancellation
  ) throws(StoreError) -> [String]
  /// Returns the position of the newest event in input order; 0 if there is none.
  func lastPosition(_ cancellation: Cancellation) throws(StoreError) -> Int64
  /// Returns the size of all messages in bytes.
  func messageByteCount(_ cancellation: Cancellation) throws(StoreError) -> Int64
}

/// The state of the events of a store on another machine.
public struct RemoteState: Sendable, Equatable {
  /// The number of events.
  public let eventCount: Int
  /// The times of events in epoch milliseconds, including the value that represents a missing time;
  /// `nil` if there are no events.
  public let timestamps: ClosedRange<Int64>?
  /// A text that differs between two states of the store if events were added or removed between
  /// them.
  public var contentVersion: String {
    "\(eventCount) \(timestamps.map { "\($0.lowerBound) \($0.upperBound)" } ?? "")"
  }

  /// Makes a state.
  public init(eventCount: Int, timestamps: ClosedRange<Int64>?) {
    self.eventCount = eventCount
    self.timestamps = timestamps
  }
}

/// A running scan; it belongs to one thread.
public protocol EventScan: AnyObject {
  /// Returns the next rows; `nil` at the end.
  func nextBatch() throws(StoreError) -> RowBatch?
  /// The numbers of events read and skipped so far.
  var statistics: ScanStatistics { get }
}

/// Scans the segments of a store for one statement, on all cores.
final class SegmentScanner: EventScanner {
  private let optimizations: ScanOptimizations
  private let budget: QueryBudget
  private let segments: SegmentList

  init(optimizations: ScanOptimizations, budget: QueryBudget, segments: SegmentList) {
    self.optimizations = optimizations
    self.budget = budget
    self.segments = segments
  }

  var capabilities: ScanCapabilities { Store.scanCapabilities }

  func scan(
    _ request: ScanRequest, of relation: String, columns: [String], context: ExecutionContext
  ) throws(StoreError) -> any EventScan {
    SegmentScan(
      try Scan(
        request, columns: columns, optimizations: optimizations, budget: budget,
        segments: segments),
      budget)
  }
}

extension Store {
  /// The functions that scans of events can evaluate.
  public static let scanCapabilities = ScanCapabilities.ofSegments(
    relations: [EventsTable.content])
}

/// A scan of segments, which converts its failures to errors of the statement.
final class SegmentScan: EventScan {
  let scan: Scan
  private let budget: QueryBudget

  init(_ scan: Scan, _ budget: QueryBudget) {
    self.scan = scan
    self.budget = budget
  }

  var statistics: ScanStatistics { scan.statistics }

  func nextBatch() throws(StoreError) -> RowBatch? {
    do throws(ScanFailure) { return try scan.nextBatch() } catch {
      switch error {
      case .patternTooExpensive: throw budget.searchFailure
      case .store(let error): throw error
      }
    }
  }
}
