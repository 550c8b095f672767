internal import InsightsSegments
internal import InsightsScan
internal import Glibc
internal import InsightsModel
internal import InsightsSQLite
public import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// Ingests log files into a store.
///
/// Every input is read once, in pieces. Every 50,000 events or so, 200,000 in a new store, are committed
/// together with the input's progress, so that a killed run can be repeated.
public final class Importer {
  /// The maximum number of stored sources that are checked for beginning with an input.
  private static let longerSourceLimit = 8

  let connection: Connection
  private let options: ImportOptions
  private let format: (any LogFormat.Type)?
  private let progress: ((ImportProgress) -> Void)?
  private let fileEnd: ((ImportedFile) -> Void)?
  let sources: SourceTable
  let streams: StreamTable
  let storedEvents: StoredEvents
  let liveDerivation: LiveDerivation
  private let derivation: StreamDerivation
  var writer: EventWriter
  /// The state for events that do not come from files; `nil` until there are some.
  var direct: DirectEvents?
  /// Whether attempts must be counted again for what `store` has stored.
  var mayHaveRepeats = false
  private var batchLimits = LogEventBatch.Limits()
  private var summary = ImportSummary()
  private var bytesOfFinishedFiles = 0
  /// The hashes of the beginnings of this run's sources.
  private var headHashes: Set<Int64> = []
  private let naming: EventNaming
  private let beginning: StoredBeginning
  /// The sources of this run whose events are to receive names.
  private var sourcesToName: [(source: SourceTable.Source, names: KnownInput.Names)] = []
  /// The paths of this run's sources with unknown group and stream, by their root.
  private var placelessSources: [Int64: String] = [:]
  private let overlaps: OverlapSearch
  let followed: FollowedInputs?
  /// Streams that have lost all their events in this run.
  var emptyStreams: Set<Int64> = []

  /// Makes an importer into `store`, which must be open for writing; it continues with the state in
  /// `followed`.
  ///
  /// `progress` is called after each piece of input, about once per megabyte, `fileEnd` after each
  /// input.
  ///
  /// - Throws: `ImportError.unknownLogFormat`, `StoreError`.
  public init(
    store: Store, options: ImportOptions = ImportOptions(), followed: FollowedInputs? = nil,
    progress: ((ImportProgress) -> Void)? = nil, fileEnd: ((ImportedFile) -> Void)? = nil
  ) throws {
    self.followed = followed
    connection = store.connection
    self.options = options
    self.progress = progress
    self.fileEnd = fileEnd
    format = try options.givenFormat()
    streams = try StreamTable(connection: connection)
    let fields = try FieldTable(connection: connection)
    let segments = try SegmentWriter(connection: connection, fields: fields)
    let events = try StoredEvents(
      connection: connection, writer: segments,
      encoder: SegmentEncoder(classify: EventClassifier().read), streams: streams)
    storedEvents = events
    sources = try SourceTable(connection: connection)
    let invocations = try InvocationTable(connection: connection)
    let errors = try ErrorTable(connection: connection)
    liveDerivation = LiveDerivation(
      streams: streams, invocations: invocations, errors: errors,
      openStreamLimit: options.openStreamLimit ?? 1 << 14)
    if let limit = options.openStreamLimit { batchLimits.streamCount = 4 * limit }
    writer = EventWriter(
      streams: streams, events: events,
      segments: SegmentAssembly(
        connection: connection, writer: segments, fields: fields, sources: sources,
        stored: events, derivation: liveDerivation,
        eventLimit: options.segmentEventLimit ?? SegmentEvents.eventLimit,
        eventsPerTransaction: store.isWrittenOnce ? 200_000 : 50_000),
      derivation: liveDerivation,
      storedTimes: segments.timeBounds)
    derivation = StreamDerivation(
      connection: connection, streams: streams, events: events, invocations: invocations,
      errors: errors)
    naming = EventNaming(events: events, streams: streams)
    beginning = StoredBeginning(events: events, streams: streams)
    overlaps = OverlapSearch(
      lines: RequestLineSearch(connection: connection), invocations: invocations,
      sources: sources)
  }

  /// Ingests files, folders including subfolders, and `-` for standard input.
  ///
  /// A problem with an input is reported in the summary and does not stop the others. It may be
  /// called again, with inputs that have grown, but not after it has thrown.
  ///
  /// - Throws: `StoreError`; what was committed before remains.
  public func run(paths: [String]) throws -> ImportSummary {
    let clock = ContinuousClock()
    let start = clock.now
    let countsBefore = writer.counts
    summary = ImportSummary()
    bytesOfFinishedFiles = 0
    headHashes.removeAll()
    sourcesToName = []
    placelessSources = [:]
    emptyStreams = []
    FreedMemory.keep()
    try connection.execute("BEGIN IMMEDIATE")
    do {
      followed?.beginRun(nextPosition: writer.nextPosition)
      try liveDerivation.beginRun(followed?.derivations)
      followed?.beginReading()
      for entry in InputReader.entries(of: paths) {
        if hasToStop { break }
        switch entry {
        case .file(let path): try read(path)
        case .unreadable(let path, let reason):
          note(.unreadable, path, nil, reason)
        case .loop(let path):
          note(.repaired, path, nil, "a folder that holds itself is read once")
        }
      }
      try nameEvents()
      try writer.flush()
      try mergeSmallSegments(all: false)
      try liveDerivation.endRun()
      try connection.execute("COMMIT")
    } catch {
      // Report the original error, not one of the rollback.
      try? connection.execute("ROLLBACK")
      followed?.forget()
      throw error
    }
    let stored = clock.now
    let hasRepeats = try summary.named > 0 || liveDerivation.mayHaveRepeats()
    mayHaveRepeats = mayHaveRepeats || hasRepeats
    let derived = try derive()
    if hasRepeats { try noteOverlaps() }
    try FieldIndexTable(connection: connection).update()
    summary.invocations = liveDerivation.counts.invocations + derived.invocations
    summary.errors = liveDerivation.counts.errors + derived.errors
    summary.events = writer.counts.events - countsBefore.events
    summary.duplicates = writer.counts.duplicates - countsBefore.duplicates
    summary.bytes = bytesOfFinishedFiles
    let end = clock.now
    summary.seconds = (end - start) / .seconds(1)
    summary.derivationSeconds = (end - stored) / .seconds(1)
    return summary
  }

  /// Derives what could not be derived while events were written.
  @discardableResult
  func derive() throws -> (invocations: Int, errors: Int) {
    let derived = try derivation.run(
      mayHaveRepeats: mayHaveRepeats, emptyStreams: emptyStreams,
      resting: &liveDerivation.resting)
    try InvocationZones(connection: connection).update()
    keepDerivations()
    emptyStreams = []
    mayHaveRepeats = false
    return derived
  }

  /// Saves the state that the next run can continue from.
  func keepDerivations() {
    if let derivations = liveDerivation.resting { followed?.derivations = derivations }
    followed?.endRun(nextPosition: writer.nextPosition)
  }

  /// Merges small segments, unless the user chose their size.
  func mergeSmallSegments(all: Bool) throws(StoreError) {
    guard options.segmentEventLimit == nil else { return }
    try storedEvents.mergeSmallSegments(all: all)
    try writer.flush()
  }

  // MARK: One input

  private func read(_ path: String) throws {
    if let input = followed?.take(path), try resume(input) { return }
    let file: InputFile
    do {
      file = try InputFile(path: path, inflatedByteLimit: options.inflatedByteLimit)
    } catch let failure as UnreadableInput {
      note(.unreadable, path, nil, failure.reason)
      return
    }
    summary.files += 1
    defer {
      bytesOfFinishedFiles += file.rawByteCount
      // A followed file continues at its current position.
      if followed == nil { NoticeLines.find(for: &summary.notices, in: file) }
    }
    file.isFollowed = followed != nil
    guard let input = InputEvents(file, format: format) else { return }
    if let advice = input.advice {
      note(.lossy, path, nil, advice)
      return
    }
    let names = KnownInput.Names(
      logGroup: options.logGroup,
      logStream: options.logStream ?? input.format.logStream(ofPath: SystemPath.shown(path)))
    let head = SourceMatcher.head(of: input.head)
    let known = try known(input, names, head)
    sourcesToName += known.sourcesToName.map { ($0, names) }
    noteOtherNames(of: known, names, path)
    if let count = known.wholeEventCount {
      writer.addDuplicates(count)
      fileEnd?(
        ImportedFile(
          path: path, logFormat: input.format.descriptor.name,
          logGroups: names.logGroup.map { [$0] } ?? [], events: 0, duplicates: count))
      noteState(of: file, position: known.parent?.byteCount ?? 0)
      return
    }
    // Before adding anything to streams that are about to be named.
    try nameEvents()
    input.begin(
      defaultStream: StreamTable.Names(logGroup: names.logGroup, logStream: names.logStream),
      limits: batchLimits)
    // A separate row even if the file has grown, since the shorter one may be read again.
    let record = try sources.add(
      SourceTable.Source(
        path: SystemPath.shown(path), logFormat: input.format.descriptor.name,
        logGroup: names.logGroup,
        logStream: names.logStream, head: head, parent: known.parent,
        skippedCount: known.skippedCount, firstPosition: writer.nextPosition))
    var reading = Reading(
      source: EventWriter.Source(
        id: record.rootID, storedEvents: known.storedEvents,
        storedEnd: known.parent?.positions.upperBound ?? .max),
      record: record)
    let countsBefore = writer.counts
    try store(input, &reading)
    noteState(of: file, position: input.position)
    fileEnd?(
      ImportedFile(
        path: path, logFormat: input.format.descriptor.name,
        logGroups: reading.logGroups, events: writer.counts.events - countsBefore.events,
        duplicates: writer.counts.duplicates - countsBefore.duplicates))
    let unnamed = writer.counts.unnamed - countsBefore.unnamed
    if unnamed > 0 {
      summary.unnamedInputs.append(
        UnnamedInput(
          path: path, sourceID: record.rootID, eventCount: unnamed,
          likelyLogGroup: known.parent?.logGroup))
      if names == KnownInput.Names() { placelessSources[record.rootID] = path }
    }
  }

  /// Returns what the store already contains of an input.
  private func known(
    _ input: InputEvents, _ names: KnownInput.Names, _ head: SourceTable.Head
  ) throws -> KnownInput {
    // A source of this run that may be the beginning must be stored to be found.
    if !headHashes.isDisjoint(with: [head.short, 0]) { try writer.flush() }
    headHashes.insert(head.short)
    let candidates = try sources.candidates(head)
    guard !candidates.isEmpty else { return KnownInput() }
    let namesStream = options.logStream == nil
    var matches = input.withFileAtStart { SourceMatcher.matches(of: candidates, in: $0) }
    if matches.byteCount == nil,
      let whole = try sourceAsBeginning(input, matches, candidates, names, head)
    {
      matches.sources.append(whole)
      matches.byteCount = whole.byteCount
    }
    return KnownInput(matches, names: names, namesStream: namesStream, again: options.again)
  }

  /// Returns the input as a source of its own if it is the beginning of a longer one.
  private func sourceAsBeginning(
    _ input: InputEvents, _ matches: SourceMatcher.Matches, _ candidates: [SourceTable.Source],
    _ names: KnownInput.Names, _ head: SourceTable.Head
  ) throws -> SourceTable.Source? {
    let namesStream = options.logStream == nil
    let longer = candidates.lazy.filter {
      $0.byteCount > matches.readByteCount && (head.long == 0 || $0.head.long == head.long)
        && KnownInput.mayBe($0, names: names, namesStream: namesStream)
    }
    // Not all files with the same beginning need to be checked.
    for source in longer.prefix(Importer.longerSourceLimit) {
      var lineage = [source]
      while let parent = lineage.last?.parentID,
        let next = candidates.first(where: { $0.id == parent })
      {
        lineage.append(next)
      }
      let found = try beginning.source(of: input, in: source, lineage: lineage)
      input.withFileAtStart { _ in }
      if var found {
        found.head = head
        let added = try sources.add(found)
        try sources.update(added)
        return added
      }
    }
    return nil
  }

  /// The state of reading one input.
  private struct Reading {
    var source: EventWriter.Source
    /// The source, with the part of the input that has been read.
    var record: SourceTable.Source
    /// The log groups of its events, if they are to be reported.
    var logGroups: [String] = []
  }

  /// How many bytes of an input without a whole event are read again to recognise its format.
  private static let smallBeginning = 65_536

  /// Continues an input that was read to its end; returns false if it must be identified again.
  private func resume(_ kept: FollowedInputs.Input) throws -> Bool {
    guard try sources.source(kept.record.id)?.isAlike(kept.record) ?? false else { return false }
    let bytesBefore = kept.events.file.rawByteCount
    switch kept.events.resume() {
    case .anotherFile:
      if kept.events.resumeWithEnd() {
        try storeRest(kept)
        _ = followed?.take(kept.events.file.path)
      }
      return false
    case .none: followed?.keep(kept)
    // Its format was recognised by less than an event, and now there is more of it.
    case .more
    where kept.eventCount == 0 && bytesBefore < Self.smallBeginning
      && kept.events.file.rawByteCount > bytesBefore:
      try sources.remove(kept.record)
      return false
    case .more:
      summary.files += 1
      defer { bytesOfFinishedFiles += kept.events.file.rawByteCount - bytesBefore }
      try storeRest(kept)
      noteState(of: kept.events.file, position: kept.events.position)
    }
    return true
  }

  private func storeRest(_ input: FollowedInputs.Input) throws {
    var reading = Reading(
      source: EventWriter.Source(
        id: input.record.rootID, storedEvents: [0..<input.record.eventCount],
        eventCount: input.eventCount),
      record: input.record)
    try store(input.events, &reading)
  }

  /// Stores the events of an input from its current position to its end.
  private func store(_ input: InputEvents, _ reading: inout Reading) throws {
    var eventCount = reading.source.eventCount
    let endDelay = followed?.nextEndDelay ?? .zero
    input.endDelay = reading.source.mayHoldEnd ? endDelay : .zero
    while !hasToStop, input.readPiece() {
      if input.isProvisional { eventCount = reading.source.eventCount }
      try storePiece(of: input, &reading)
      if !input.isProvisional { eventCount = reading.source.eventCount }
      input.endDelay = reading.source.mayHoldEnd ? endDelay : .zero
    }
    try writer.endSource()
    guard let followed, input.file.mayGrow, input.file.damage == nil,
      !reading.source.runsNewestFirst
    else { return }
    followed.keep(
      FollowedInputs.Input(events: input, record: reading.record, eventCount: eventCount))
  }

  /// Stores the events of one piece.
  private func storePiece(of input: InputEvents, _ reading: inout Reading) throws {
    for remark in input.batch.remarks {
      note(
        remark.kind, input.file.path, input.pieceStart + remark.offset, remark.message,
        count: remark.count)
    }
    if fileEnd != nil {
      for names in input.batch.usedStreams {
        guard let group = names.logGroup, !reading.logGroups.contains(group) else { continue }
        reading.logGroups.append(group)
      }
    }
    try writer.write(input.batch, of: &reading.source)
    // A separate source is recorded from its start.
    let isOwn = reading.record.rootID == reading.record.id
    if isOwn || reading.source.eventCount >= reading.source.storedEventCount {
      reading.record.byteCount = input.position
      reading.record.contentHash = input.hash.text
      reading.record.eventCount = reading.source.eventCount
      try writer.reach(reading.record)
    }
    progress?(
      ImportProgress(
        files: summary.files, events: writer.counts.events + writer.counts.duplicates,
        bytes: bytesOfFinishedFiles + input.file.rawByteCount))
  }

  // MARK: Names

  /// Assigns names that have become known to the events of sources.
  private func nameEvents() throws {
    guard !sourcesToName.isEmpty else { return }
    try writer.flush()
    var requests: [EventNaming.Request] = []
    for (source, names) in sourcesToName {
      var request = EventNaming.Request(logGroup: names.logGroup, logStream: names.logStream)
      request.positions[source.rootID] = [source.positions]
      requests.append(request)
      var renamed = source
      renamed.logGroup = source.logGroup ?? names.logGroup
      renamed.logStream = source.logStream ?? names.logStream
      try sources.rename(renamed)
    }
    sourcesToName = []
    let outcome = try naming.apply(requests)
    for stream in outcome.staleStreams { try liveDerivation.abandon(stream) }
    for stream in outcome.renamedStreams where liveDerivation.isFollowing(stream) {
      try liveDerivation.abandon(stream)
    }
    writer.noteNamed(outcome.times)
    emptyStreams.formUnion(outcome.emptyStreams)
    summary.named += outcome.named
  }

  private func noteOtherNames(
    of known: KnownInput, _ names: KnownInput.Names, _ path: String
  ) {
    guard let other = known.otherNames else { return }
    let (option, old, new) =
      other.logGroup != names.logGroup && names.logGroup != nil
      ? ("log group", other.logGroup, names.logGroup)
      : ("log stream", other.logStream, names.logStream)
    note(
      .otherwiseNamed, path, nil,
      """
      was ingested with \(option) '\(old ?? "")'; that is not stored again under '\(new ?? "")'
      """)
  }

  private func noteOverlaps() throws {
    guard !placelessSources.isEmpty else { return }
    for overlap in try overlaps.overlaps(of: placelessSources) {
      note(
        .overlapping, overlap.path, nil,
        """
        has platform lines of requests that '\(overlap.other)' has too, to the letter; nothing \
        tells whether they are the same, so both are counted
        """)
    }
  }

  /// Whether to stop here; what has been read so far is stored.
  private var hasToStop: Bool {
    guard connection.waiting.cancellation.check() else { return false }
    switch connection.waiting.cancellation.reason {
    case .deadline: summary.hasTimedOut = true
    case .requested, nil: summary.wasInterrupted = true
    }
    return true
  }

  // MARK: Notices

  private func noteState(of file: InputFile, position: Int) {
    for repair in file.repairs { note(.repaired, file.path, nil, repair) }
    if let damage = file.damage { note(.lossy, file.path, position, damage.message) }
  }

  /// Adds a notice once per input, since a broken file would cause one for every line.
  private func note(
    _ kind: Notice.Kind, _ path: String, _ position: Int?, _ message: String, count: Int = 1
  ) {
    let known = summary.notices.firstIndex { $0.path == path && $0.message == message }
    if let known {
      summary.notices[known].count += count
      return
    }
    summary.notices.append(
      Notice(kind: kind, path: path, position: position, count: count, message: message))
  }
}
