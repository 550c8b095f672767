internal import InsightsSQLite
public import InsightsModel
public import InsightsThreads

/// Reads events and evaluates scan requests.
///
/// The segments of a store have one scanner; a store on another machine has another. The statement
/// itself runs here, over the rows of its scans.
public protocol EventScanner: AnyObject {
  /// What it can evaluate.
  var capabilities: ScanCapabilities { get }

  /// Starts a scan of a relation; the columns of its rows are names of fields, or of columns that
  /// the request defines.
  ///
  /// It must end soon after the context is cancelled, and respect its limits.
  ///
  /// - Throws: why it cannot be started.
  func scan(
    _ request: ScanRequest, of relation: String, columns: [String], context: ExecutionContext
  ) throws(StoreError) -> any EventScan
}

/// Events on another machine: what reads them there, and what the tables of a store would tell of them.
public protocol RemoteEvents: EventScanner {
  /// The address of the store, for people.
  var address: String { get }
  /// What was derived from the events.
  var facts: any RemoteFacts { get }
  /// How many events there were when the store was opened.
  var eventCount: Int { get }
  /// A text that differs between any two openings of the store between which events came or went.
  var contentVersion: String { get }
  /// What a scan runs there, for people.
  func statement(_ request: ScanRequest, of relation: String, columns: [String]) -> String
  func discoveredFields(_ cancellation: Cancellation) throws(StoreError) -> Set<String>
  /// The named log groups with their accounts, sorted.
  func logGroups(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, account: String)]
  /// Epoch milliseconds; `nil` if no event has a time.
  func newestTimestamp(_ cancellation: Cancellation) throws(StoreError) -> Int64?
  /// The names of the log streams of a group, sorted by their bytes.
  func logStreams(
    ofGroup name: String, _ cancellation: Cancellation
  ) throws(StoreError) -> [String]
  /// The position of the newest event in the order of input; 0 without any.
  func lastPosition(_ cancellation: Cancellation) throws(StoreError) -> Int64
  /// The size of all messages in bytes.
  func messageByteCount(_ cancellation: Cancellation) throws(StoreError) -> Int64
}

/// A running scan; it belongs to one thread.
public protocol EventScan: AnyObject {
  /// Returns the next rows; `nil` at the end.
  func nextBatch() throws(StoreError) -> RowBatch?
  /// What has been read and skipped so far.
  var figures: ScanFigures { get }
}

/// Scans the segments of a store for one statement, on all cores.
final class SegmentScanner: EventScanner {
  private let techniques: ScanTechniques
  private let budget: QueryBudget
  private let connection: Connection
  private let segments: SegmentList

  init(
    techniques: ScanTechniques, budget: QueryBudget, connection: Connection, segments: SegmentList
  ) {
    self.techniques = techniques
    self.budget = budget
    self.connection = connection
    self.segments = segments
  }

  var capabilities: ScanCapabilities { Store.scanCapabilities }

  func scan(
    _ request: ScanRequest, of relation: String, columns: [String], context: ExecutionContext
  ) throws(StoreError) -> any EventScan {
    SegmentScan(
      try Scan(
        request, columns: columns, techniques: techniques, budget: budget, connection: connection,
        segments: segments),
      budget)
  }
}

/// A scan of segments, which converts its failures to errors of the statement.
final class SegmentScan: EventScan {
  let scan: Scan
  private let budget: QueryBudget

  init(_ scan: Scan, _ budget: QueryBudget) {
    self.scan = scan
    self.budget = budget
  }

  var figures: ScanFigures { scan.figures }

  func nextBatch() throws(StoreError) -> RowBatch? {
    do throws(ScanFailure) { return try scan.nextBatch() } catch {
      switch error {
      case .patternTooExpensive: throw budget.searchFailure
      case .store(let error): throw error
      }
    }
  }
}
