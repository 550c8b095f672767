internal import Glibc
public import InsightsStore
internal import InsightsText

/// Takes files of logs into a store.
///
/// Every input is read once, in pieces; what is stored is committed some 50,000 events at a time,
/// together with how far the input was read, so that a run that is killed can be run again.
public final class Importer {
  /// What a format is recognised by; the longest event fits in, also with all its escapes.
  private static let headLength = 4 << 20

  private let connection: Connection
  private let options: ImportOptions
  private let format: (any LogFormat.Type)?
  private let progress: ((ImportProgress) -> Void)?
  private let sources: SourceTable
  private let liveDerivation: LiveDerivation
  private let derivation: StreamDerivation
  private var writer: EventWriter
  private var summary = ImportSummary()
  private var bytesOfFinishedFiles = 0
  /// The heads of the sources of this run.
  private var headHashes: Set<Int64> = []

  /// An importer into `store`, which must be open for writing.
  ///
  /// `progress` is called after each piece of input, about once per megabyte.
  ///
  /// - Throws: `ImportError.unknownLogFormat`, `StoreError`.
  public init(
    store: Store, options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil
  ) throws {
    connection = store.connection
    self.options = options
    self.progress = progress
    format = try options.logFormat.map { name in
      guard let format = LogFormatRegistry.format(named: name) else {
        throw ImportError.unknownLogFormat(
          name: name, known: LogFormatRegistry.descriptors.map(\.name))
      }
      return format
    }
    let streams = try StreamTable(connection: connection)
    let fields = try FieldTable(connection: connection)
    let segments = try SegmentWriter(connection: connection, fields: fields)
    let events = try StoredEvents(
      connection: connection, writer: segments,
      encoder: SegmentEncoder(classify: EventClassifier().read), streams: streams)
    sources = try SourceTable(connection: connection)
    let invocations = try InvocationTable(connection: connection)
    let errors = try ErrorTable(connection: connection)
    liveDerivation = LiveDerivation(streams: streams, invocations: invocations, errors: errors)
    writer = EventWriter(
      streams: streams, events: events,
      segments: SegmentAssembly(
        connection: connection, writer: segments, fields: fields, sources: sources,
        stored: events, derivation: liveDerivation,
        eventLimit: options.segmentEventLimit ?? SegmentEvents.eventLimit),
      derivation: liveDerivation,
      storedTimes: segments.timeBounds)
    derivation = StreamDerivation(
      connection: connection, streams: streams, events: events, invocations: invocations,
      errors: errors)
  }

  /// Takes in files, folders with all below them, and `-` for standard input.
  ///
  /// What is wrong with an input is told in the summary and does not stop the others.
  ///
  /// It may be called again, with inputs that have grown; not after it has thrown.
  ///
  /// - Throws: `StoreError`; what was committed before stays.
  public func run(paths: [String]) throws -> ImportSummary {
    let clock = ContinuousClock()
    let start = clock.now
    let countsBefore = writer.counts
    summary = ImportSummary()
    bytesOfFinishedFiles = 0
    headHashes.removeAll()
    FreedMemory.keep()
    try connection.execute("BEGIN IMMEDIATE")
    do {
      try liveDerivation.beginRun()
      for entry in InputReader.entries(of: paths) {
        switch entry {
        case .file(let path): try read(path)
        case .unreadable(let path, let reason):
          note(.unreadable, path, nil, reason)
        case .loop(let path):
          note(.repaired, path, nil, "a folder that holds itself is read once")
        }
      }
      try writer.flush()
      try liveDerivation.endRun()
      try connection.execute("COMMIT")
    } catch {
      // The failure that brought us here is the one to report.
      try? connection.execute("ROLLBACK")
      throw error
    }
    let stored = clock.now
    let derived = try derivation.run(mayHaveRepeats: try liveDerivation.mayHaveRepeats())
    try InvocationZones(connection: connection).update()
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

  // MARK: One input

  private func read(_ path: String) throws {
    guard let file = InputFile(path: path, inflatedByteLimit: options.inflatedByteLimit) else {
      note(.unreadable, path, nil, String(cString: strerror(errno)))
      return
    }
    summary.files += 1
    defer {
      bytesOfFinishedFiles += file.rawByteCount
      findLines(in: file)
    }
    var window = TextWindow()
    var mayHaveMore = file.read(atLeast: Importer.headLength, into: &window)
    guard !window.isEmpty || file.damage != nil else { return }
    let format =
      self.format
      ?? LogFormatRegistry.format(
        recognizing: UnsafeBufferPointer(rebasing: window.bytes.prefix(Importer.headLength)))
    let names = StreamTable.Names(
      logGroup: options.logGroup, logStream: options.logStream ?? format.logStream(ofPath: path))
    let headHash = SourceMatcher.headHash(of: window.bytes)
    // A source of this run that may be the beginning must be stored to be found.
    if !headHashes.isDisjoint(with: [headHash, 0]) { try writer.flush() }
    headHashes.insert(headHash)
    let candidates = try sources.candidates(
      headHash: headHash, logGroup: names.logGroup, logStream: names.logStream)
    var stored: SourceTable.Source?
    if !candidates.isEmpty {
      file.rewind()
      let match = SourceMatcher.longestMatch(of: candidates, in: file)
      if let match, match.isWhole {
        writer.addDuplicates(match.source.eventCount)
        noteState(of: file, position: match.source.byteCount)
        return
      }
      stored = match?.source
      file.rewind()
      window.removeAll()
      mayHaveMore = file.read(atLeast: Importer.headLength, into: &window)
    }
    // A row of its own also where the file has grown: the shorter one may come again.
    let record = try sources.add(
      path: path, logFormat: format.descriptor.name, logGroup: names.logGroup,
      logStream: names.logStream, headHash: headHash, rootID: stored?.rootID)
    var reading = Reading(
      format: format.init(), batch: LogEventBatch(defaultStream: names),
      source: EventWriter.Source(
        id: record.rootID, storedEventCount: stored?.eventCount ?? 0),
      record: record)
    while try step(&reading, through: &window, of: file, mayHaveMore: mayHaveMore) {
      mayHaveMore = file.read(atLeast: max(1 << 20, window.count), into: &window)
    }
    try writer.endSource()
    noteState(of: file, position: reading.position)
  }

  /// An input on its way.
  private struct Reading {
    var format: any LogFormat
    var batch: LogEventBatch
    var source: EventWriter.Source
    /// How far it has been read.
    var record: SourceTable.Source
    /// Bytes before the window, decompressed and as UTF-8.
    var position = 0
    var hash = SourceHash()
  }

  /// Reads the window and stores its events; false when the input is done with.
  private func step(
    _ reading: inout Reading, through window: inout TextWindow, of file: InputFile,
    mayHaveMore: Bool
  ) throws -> Bool {
    let ending: WindowEnding = mayHaveMore ? .more : file.damage == nil ? .end : .cut
    let text = window.bytes
    reading.batch.begin(text)
    let used = min(
      reading.format.read(text, ending: ending, into: &reading.batch), text.count)
    reading.hash.update(UnsafeBufferPointer(rebasing: text[..<used]))
    for remark in reading.batch.remarks {
      note(
        remark.kind, file.path, reading.position + remark.offset, remark.message,
        count: remark.count)
    }
    reading.position += used
    try writer.write(reading.batch, of: &reading.source)
    reading.batch.removeEvents()
    window.removeFirst(used)
    if reading.source.eventCount >= reading.source.storedEventCount {
      reading.record.byteCount = reading.position
      reading.record.contentHash = reading.hash.text
      reading.record.eventCount = reading.source.eventCount
      try writer.reach(reading.record)
    }
    progress?(
      ImportProgress(
        files: summary.files, events: writer.counts.events + writer.counts.duplicates,
        bytes: bytesOfFinishedFiles + file.rawByteCount))
    return mayHaveMore
  }

  // MARK: Notices

  private func noteState(of file: InputFile, position: Int) {
    for repair in file.repairs { note(.repaired, file.path, nil, repair) }
    if let damage = file.damage { note(.lossy, file.path, position, damage.message) }
  }

  /// Notes something once per input: a broken file would fill the screen otherwise.
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

  /// Adds the lines to the notices about an input.
  ///
  /// It is read once more up to the last of them: counting the lines of every input would cost more
  /// than the few that have something to be said of.
  private func findLines(in file: InputFile) {
    let places = summary.notices.indices
      .filter { summary.notices[$0].path == file.path && summary.notices[$0].line == nil }
      .compactMap { index in summary.notices[index].position.map { (position: $0, index: index) } }
      .sorted { $0.position < $1.position }
    guard !places.isEmpty else { return }
    file.rewind()
    var window = TextWindow()
    var start = 0
    var line = 1
    var rest = places[...]
    while !rest.isEmpty {
      let mayHaveMore = file.read(atLeast: 1 << 20, into: &window)
      let bytes = window.bytes
      var index = 0
      for place in rest where place.position < start + bytes.count || !mayHaveMore {
        while let end = bytes.firstOffset(of: 0x0A, from: index, to: place.position - start) {
          line += 1
          index = end + 1
        }
        summary.notices[place.index].line = line
        rest = rest.dropFirst()
      }
      guard mayHaveMore else { return }
      while let end = bytes.firstOffset(of: 0x0A, from: index) {
        line += 1
        index = end + 1
      }
      start += bytes.count
      window.removeFirst(bytes.count)
    }
  }
}
