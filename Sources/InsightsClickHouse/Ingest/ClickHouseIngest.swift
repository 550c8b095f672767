public import InsightsModel
public import InsightsIngest
public import InsightsStore

/// Takes logs into a store on a ClickHouse server.
///
/// They are read as into any store: into a temporary one, which `StoreUpload` takes to the server. So formats,
/// classification and what counts as the same within one run are the same.
public final class ClickHouseIngest {
  private let client: ClickHouseClient
  private let layout: ClickHouseSchema.Layout
  private let options: ImportOptions
  private let followed: FollowedInputs?
  private let waiting: Waiting
  private let progress: ((ImportProgress) -> Void)?
  private let fileEnd: ((ImportedFile) -> Void)?
  /// What has been read of logs, with what takes it to the server.
  private var logs: (store: Store, importer: Importer, upload: StoreUpload)?
  /// What was read last.
  private var lastProgress = ImportProgress(files: 0, events: 0, bytes: 0)

  /// An ingest to a server, where tables are made if there are none.
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

  /// What has been read of logs; `nil` where there were none.
  public var logStore: Store? { logs?.store }

  /// Takes in logs, and stores that are given by their path.
  ///
  /// What is wrong with single inputs is told in the summary.
  ///
  /// - Throws: `ImportError`, `StoreError`; what was stored before stays, and the same run completes it.
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
    // Then nothing can be sent any more.
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
