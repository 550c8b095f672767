internal import Glibc
internal import InsightsText
public import InsightsModel
internal import InsightsSQLite
internal import InsightsStore
internal import InsightsThreads

/// Writes to a store while others read it: events and edits from many threads, and growing files.
///
/// One thread does all the writing. Events that arrive at the same time are committed together, so
/// that many small writers cost little more than one. When a call has returned, its data is on
/// disk. Other writers are locked out only during a write.
public final class LogWriter: Sendable {
  /// Which files are followed, and the callbacks.
  public struct Following: Sendable {
    /// Files and folders that are ingested, and again when they grow.
    public var paths: [String]
    /// Called with the result of each pass.
    public var report: @Sendable (ImportSummary) -> Void
    /// Called with the error that ends following.
    public var fail: @Sendable (any Error) -> Void

    /// Makes a configuration.
    public init(
      paths: [String], report: @escaping @Sendable (ImportSummary) -> Void = { _ in },
      fail: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
      self.paths = paths
      self.report = report
      self.fail = fail
    }
  }

  enum Job: Sendable {
    case events(NewEvents, Promise<Result<Int, any Error>>)
    case change(@Sendable (LogStoreEditor) -> Void, failed: @Sendable (any Error) -> Void)
  }

  private let mailbox = Mailbox<Job>()
  private let thread = Locked<WorkerThread?>(nil)
  private let ending = Promise<Result<Bool, any Error>>()

  /// A writer for the store at a path, which is created if it is missing.
  ///
  /// The store is opened at the first write. `waiting` says, for each call, how long to wait for
  /// other writers.
  public init(
    storeAt path: String, following: Following? = nil,
    waiting: @escaping @Sendable () -> Waiting = { Waiting() }
  ) {
    let (mailbox, ending) = (mailbox, ending)
    let worker = WorkerThread {
      let loop = LogWriterLoop(path: path, following: following, waiting: waiting)
      loop.run(mailbox)
      ending.fulfil(Result { try loop.close() })
    }
    if worker == nil { mailbox.close() }
    thread.withLock { $0 = worker }
  }

  deinit { mailbox.close() }

  /// Stores events; returns when they are on disk.
  ///
  /// - Returns: how many events at the start were older than the group's retention, and were not
  ///   stored.
  /// - Throws: `LogStoreEditor.Refusal` if the group or stream does not exist, `StoreError`.
  @discardableResult
  public func store(_ events: NewEvents) throws -> Int {
    let promise = Promise<Result<Int, any Error>>()
    guard mailbox.put(.events(events, promise)) else { throw StoreError.interrupted }
    return try promise.get()
  }

  /// Edits the store between two commits of events; `body` runs on the writer's thread.
  ///
  /// - Throws: what `body` throws, `StoreError`.
  public func change<Value: Sendable>(
    _ body: @escaping @Sendable (LogStoreEditor) throws -> Value
  ) throws -> Value {
    let promise = Promise<Result<Value, any Error>>()
    let job = Job.change(
      { editor in promise.fulfil(Result { try body(editor) }) },
      failed: { promise.fulfil(.failure($0)) })
    guard mailbox.put(job) else { throw StoreError.interrupted }
    return try promise.get()
  }

  /// Writes everything pending, merges small segments, and checkpoints the store into one file.
  ///
  /// Must be called once; later calls of other methods are refused.
  ///
  /// - Returns: false if a reader is still active, so that the write-ahead log is left to the next
  ///   command.
  /// - Throws: `StoreError`.
  public func stop() throws -> Bool {
    mailbox.close()
    let worker = thread.withLock { $0.take() }
    guard let worker else { return true }
    defer { worker.join() }
    return try ending.get()
  }
}

/// The body of a `LogWriter`'s thread.
final class LogWriterLoop {
  /// The maximum number of events and of bytes per commit.
  private static let eventLimit = 50_000
  private static let byteLimit = 16 << 20
  /// The delay between the last event and deferred work: merging, and field indexes.
  private static let restAfter = Duration.seconds(2)
  /// The time between releases of freed memory while there are writes.
  private static let releaseInterval = Duration.seconds(10)
  /// The interval between checks of the followed files.
  private static let lookInterval = Duration.milliseconds(250)
  /// How long the rest of a line is waited for, four times the time for more lines of an event.
  private static let endDelay = Duration.seconds(1)
  /// The maximum time for which the store stays locked before other writers get a turn.
  private static let turn = Duration.seconds(1)
  private static let pause: UInt32 = 60_000

  private let path: String
  private let following: LogWriter.Following?
  private let waiting: @Sendable () -> Waiting
  private let clock = ContinuousClock()
  private let followed = FollowedInputs(endDelay: LogWriterLoop.endDelay)
  private var snapshot: InputSnapshot?
  private var hasFollowingFailed = false
  private var open: (store: Store, importer: Importer, version: Int)?
  /// Whether there is deferred work.
  private var hasWork = false
  private var lastWrite: ContinuousClock.Instant
  private var nextLook: ContinuousClock.Instant
  private var lastRelease: ContinuousClock.Instant
  private var nextDerivation: ContinuousClock.Instant
  private var isDerivationDue = false
  private var turnStart: ContinuousClock.Instant?

  init(
    path: String, following: LogWriter.Following?, waiting: @escaping @Sendable () -> Waiting
  ) {
    self.path = path
    self.following = following
    self.waiting = waiting
    let now = clock.now
    (lastWrite, nextLook, lastRelease, nextDerivation) = (now, now, now, now)
  }

  /// Runs until the mailbox is closed and empty.
  func run(_ mailbox: Mailbox<LogWriter.Job>) {
    while let jobs = mailbox.takeAll(waiting: jobWait) {
      if jobs.isEmpty { turnStart = nil }
      var events: [(events: NewEvents, promise: Promise<Result<Int, any Error>>)] = []
      for job in jobs {
        switch job {
        case .events(let new, let promise): events.append((new, promise))
        case .change(let body, let failed):
          store(events)
          events = []
          change(body, failed)
        }
      }
      store(events)
      deriveIfDue()
      look()
      if hasWork, jobs.isEmpty, clock.now - lastWrite >= Self.restAfter { rest() }
      releaseMemory()
      letOthers()
    }
  }

  private func releaseMemory() {
    guard lastWrite > lastRelease, clock.now - lastRelease >= Self.releaseInterval else { return }
    open?.store.emptyCache()
    FreedMemory.release()
    lastRelease = clock.now
  }

  /// The milliseconds until something is due even without a job.
  private var jobWait: Int {
    var next = clock.now + .seconds(60)
    if isDerivationDue { next = min(next, nextDerivation) }
    if hasWork { next = min(next, lastWrite + Self.restAfter) }
    if following != nil, !hasFollowingFailed { next = min(next, nextLook) }
    return max(1, Int((next - clock.now) / .milliseconds(1)))
  }

  // MARK: The store

  /// Returns the store with an importer that knows its content; other writers are locked out from
  /// now on.
  private func begin() throws -> (store: Store, importer: Importer) {
    if let open {
      open.store.connection.waiting = waiting()
      let version = try open.store.goOnWriting()
      if version == open.version { return (open.store, open.importer) }
      // Another process has written: positions, streams and segments have changed.
      let importer = try Importer(store: open.store, followed: followed)
      self.open = (open.store, importer, version)
      return (open.store, importer)
    }
    let store = try Store(path: path, access: .readWrite, waiting: waiting())
    try store.makeCommitsDurable()
    let importer = try Importer(store: store, followed: followed)
    let version = try store.goOnWriting()
    open = (store, importer, version)
    return (store, importer)
  }

  /// Unlocks the store after something was written or nothing could be.
  private func end(failed: Bool) {
    if failed {
      // The state in memory may differ from what is stored.
      open = nil
    } else {
      open?.store.letOthersWrite()
    }
    lastWrite = clock.now
    hasWork = true
  }

  /// Pauses, so that waiting writers can lock the store.
  private func letOthers() {
    guard let start = turnStart else {
      turnStart = clock.now
      return
    }
    guard clock.now - start >= Self.turn else { return }
    usleep(Self.pause)
    turnStart = clock.now
  }

  /// Checkpoints the store into one file.
  func close() throws -> Bool {
    guard open != nil else { return true }
    rest()
    guard let (store, _, _) = open else { return true }
    _ = try store.goOnWriting()
    open = nil
    return try store.close()
  }

  // MARK: Events

  private func store(_ events: [(events: NewEvents, promise: Promise<Result<Int, any Error>>)]) {
    var rest = events[...]
    while !rest.isEmpty {
      var (count, eventCount, byteCount) = (0, 0, 0)
      for (new, _) in rest {
        eventCount += new.count
        byteCount += new.byteCount
        if count > 0, eventCount > Self.eventLimit || byteCount > Self.byteLimit { break }
        count += 1
      }
      commit(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
  }

  private func commit(_ events: [(events: NewEvents, promise: Promise<Result<Int, any Error>>)]) {
    do {
      let (store, importer) = try begin()
      let groups = LogGroupTable(connection: store.connection)
      var accepted: [PlacedEvents] = []
      var promises: [(promise: Promise<Result<Int, any Error>>, expired: Int)] = []
      for (new, promise) in events {
        guard let names = try groups.streamNames(new.logStream, ofGroup: new.logGroup) else {
          let hasGroup = try store.logGroup(named: new.logGroup) != nil
          promise.fulfil(
            .failure(
              hasGroup
                ? LogStoreEditor.Refusal.streamMissing : LogStoreEditor.Refusal.groupMissing))
          continue
        }
        let days =
          new.obeysRetention
          ? try store.logGroup(named: new.logGroup)?.properties.retentionInDays : nil
        let expired = new.expiredCount(after: days)
        if expired < new.count {
          accepted.append(
            PlacedEvents(events: new, range: expired..<new.count, names: names))
        }
        promises.append((promise, expired))
      }
      do {
        if !accepted.isEmpty { try importer.store(accepted) }
      } catch {
        for (promise, _) in promises { promise.fulfil(.failure(error)) }
        return end(failed: true)
      }
      for (promise, expired) in promises { promise.fulfil(.success(expired)) }
      if try importer.isDerivationDue() { isDerivationDue = true }
      end(failed: false)
    } catch {
      // Refused callers have their result already; fulfilling again has no effect.
      for (_, promise) in events { promise.fulfil(.failure(error)) }
      end(failed: true)
    }
  }

  private func change(
    _ body: @Sendable (LogStoreEditor) -> Void, _ failed: @Sendable (any Error) -> Void
  ) {
    do {
      let (store, importer) = try begin()
      body(LogStoreEditor(store: store, importer: importer))
      end(failed: false)
    } catch {
      failed(error)
      end(failed: true)
    }
  }

  // MARK: What follows

  /// Derives what could not be derived immediately, but not after every event, as a whole stream
  /// may have to be read.
  private func deriveIfDue() {
    guard isDerivationDue, clock.now >= nextDerivation else { return }
    let start = clock.now
    work { try $0.derive() }
    isDerivationDue = false
    let duration = clock.now - start
    nextDerivation = clock.now + max(.milliseconds(200), duration * 10)
  }

  /// Does deferred work once no more events arrive.
  private func rest() {
    work { importer in
      try importer.derive()
      try importer.tidy()
    }
    hasWork = false
    isDerivationDue = false
  }

  private func work(_ body: (Importer) throws -> Void) {
    do {
      let (_, importer) = try begin()
      try body(importer)
      end(failed: false)
    } catch {
      // Stored data remains; the next ingest derives and merges the rest.
      end(failed: true)
    }
  }

  /// Ingests what was appended to the followed files.
  private func look() {
    guard let following, !hasFollowingFailed, clock.now >= nextLook else { return }
    let current = InputSnapshot(of: following.paths)
    defer { nextLook = clock.now + Self.lookInterval }
    guard current != snapshot || followed.isEndDue else { return }
    snapshot = current
    do {
      let (_, importer) = try begin()
      var summary = try importer.run(paths: following.paths)
      end(failed: false)
      // Missing files are waited for.
      summary.notices.removeAll { $0.kind == .unreadable && FileStatus($0.path) == nil }
      following.report(summary)
    } catch {
      end(failed: true)
      hasFollowingFailed = true
      following.fail(error)
    }
  }
}
