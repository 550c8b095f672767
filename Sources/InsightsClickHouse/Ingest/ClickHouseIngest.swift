public import InsightsModel
public import InsightsIngest
public import InsightsStore

/// Ingests logs into a store on a ClickHouse server.
///
/// They are first ingested into a temporary store, from which `StoreUpload` sends them. So formats,
/// classification, and the detection of duplicates within one run are the same as for a local
/// store.
public final class ClickHouseIngest {
  private let client: ClickHouseClient
  private let layout: ClickHouseSchema.Layout
  private let options: ImportOptions
  private let followed: FollowedInputs?
  private let waiting: Waiting
  private let progress: ((ImportProgress) -> Void)?
  private let fileEnd: ((ImportedFile) -> Void)?
  /// The temporary store with the logs read so far, and its upload.
  private var logs: (store: Store, importer: Importer, upload: StoreUpload)?
  /// The last reported progress.
  private var lastProgress = ImportProgress(files: 0, events: 0, bytes: 0)

  /// Prepares an ingest; creates the tables on the server if there are none.
  ///
  /// With `followed`, `run` may be called again when inputs have grown.
  ///
  /// - Throws: `StoreError.remote`, `.version`.
  public init(
    into address: ClickHouseAddress, options: ImportOptions = ImportOptions(),
    followed: FollowedInputs? = nil, waiting: Waiting = Waiting(),
    progress: ((ImportProgress) -> Void)? = nil, fileEnd: ((ImportedFile) -> Void)? = nil
  ) throws(StoreError) {
    client = ClickHouseClient(address)
    self.options = options
    self.followed = followed
    self.waiting = waiting
    self.progress = progress
    self.fileEnd = fileEnd
    layout = try ClickHouseSchema.prepare(client, cancellation: waiting.cancellation)
  }

  /// The temporary store with the logs read so far; `nil` if no logs were read.
  public var logStore: Store? { logs?.store }

  /// Ingests logs, and existing stores given by their paths.
  ///
  /// Problems with single inputs are reported in the summary.
  ///
  /// - Throws: `ImportError`, `StoreError`. Inputs stored before the error remain, and repeating
  ///   the run completes it.
  public func run(paths: [String]) throws -> ImportSummary {
    let clock = ContinuousClock()
    let start = clock.now
    var summary = ImportSummary()
    let stores = paths.filter { $0 != "-" && DatabaseFile.isOne($0) }
    let inputs = paths.filter { !stores.contains($0) }
    if !inputs.isEmpty { try take(inputs, &summary) }
    for path in stores where !summary.hasTimedOut && !summary.wasInterrupted {
      let store = try Store(path: path, access: .readOnly, waiting: waiting)
      summary.files += 1
      try send(upload(of: store), &summary)
    }
    summary.seconds = (clock.now - start) / .seconds(1)
    return summary
  }

  private func take(_ paths: [String], _ summary: inout ImportSummary) throws {
    if logs == nil {
      let store = try Store(.temporaryFile, waiting: waiting)
      let importer = try Importer(
        store: store, options: options, followed: followed,
        progress: { [weak self] in
          self?.lastProgress = $0
          self?.progress?($0)
        }, fileEnd: fileEnd)
      logs = (store, importer, upload(of: store))
    }
    guard let logs else { return }
    let read = try logs.importer.run(paths: paths)
    summary = read
    summary.events = 0
    summary.invocations = 0
    summary.errors = 0
    // After a deadline or an interruption nothing can be sent.
    guard !read.hasTimedOut, !read.wasInterrupted else { return }
    try send(logs.upload, &summary)
  }

  private func upload(of store: Store) -> StoreUpload {
    StoreUpload(
      of: store, to: client, layout: layout, cancellation: waiting.cancellation
    ) { [weak self] events in
      guard let self else { return }
      var progress = lastProgress
      progress.events = events
      self.progress?(progress)
    }
  }

  private func send(_ upload: StoreUpload, _ summary: inout ImportSummary) throws {
    do {
      let outcome = try upload.run()
      summary.events += outcome.events
      summary.duplicates += outcome.duplicates
      summary.invocations += outcome.invocations
      summary.errors += outcome.errors
    } catch StoreError.timedOut {
      summary.hasTimedOut = true
    } catch StoreError.interrupted {
      summary.wasInterrupted = true
    }
  }
}
