#if DEBUG || BENCHMARKS
  internal import Glibc
  internal import InsightsModel
  internal import InsightsSQLite
  internal import InsightsText
  internal import InsightsThreads

  @testable internal import InsightsEngine
  @testable internal import InsightsIngest
  @testable internal import InsightsScan
  @testable internal import InsightsSegments
  @testable internal import InsightsStore

  /// The hot loops of ingest and queries, over one log.
  final class HotLoops {
    /// The maximum number of bytes of the log.
    private static let byteLimit = 32 << 20

    private let log: [UInt8]
    private let format: any LogFormat.Type
    private let folder: String
    private let connection: Connection
    private let directories: [SegmentDirectory]
    /// The events as collected before they are encoded.
    private let segments: [SegmentEvents]

    /// Reads the log, and stores it in a temporary folder.
    init(log: [UInt8]) throws {
      self.log = log
      format = log.withUnsafeBufferPointer { LogFormatRegistry.format(recognizing: $0) }
      var template = Array("/tmp/insights-loops-XXXXXX".utf8CString)
      folder = mkdtemp(&template).map { String(cString: $0) } ?? "."
      let file = folder + "/head.log"
      Self.write(log, to: file)
      _ = try Engine.ingest([file], intoStoreAt: folder + "/store.db")
      let connection = try Connection(path: folder + "/store.db", mode: .readOnly)
      self.connection = connection
      directories = try SegmentTable(connection: connection).directories()
      segments = try directories.map { try Self.events(of: Self.reader(of: $0, connection)) }
    }

    deinit {
      for name in ["head.log", "store.db"] { unlink(folder + "/" + name) }
      rmdir(folder)
    }

    /// Returns the beginning of a file, up to the end of a line; `nil` if it cannot be read.
    static func head(ofFile path: String) -> [UInt8]? {
      let descriptor = open(path, O_RDONLY)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: byteLimit)
      var count = 0
      while count < bytes.count {
        let read = bytes.withUnsafeMutableBytes {
          Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count)
        }
        guard read > 0 else { break }
        count += read
      }
      bytes.removeSubrange(count...)
      if count == byteLimit, let end = bytes.lastIndex(of: 0x0A) {
        bytes.removeSubrange((end + 1)...)
      }
      return bytes
    }

    private static func write(_ bytes: [UInt8], to path: String) {
      let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
      defer { close(descriptor) }
      var count = 0
      while count < bytes.count {
        let written = bytes.withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count)
        }
        guard written > 0 else { return }
        count += written
      }
    }

    private static func events(of reader: SegmentReader) throws -> SegmentEvents {
      var events = SegmentEvents()
      let text = try reader.messages()
      for (event, timestamp) in try reader.timestamps().enumerated() {
        text.bytes.withUnsafeBufferPointer { bytes in
          events.append(
            EventRow(
              timestamp: timestamp == SegmentReader.missing ? nil : timestamp, streamID: 1,
              sourceID: 1, message: UnsafeBufferPointer(rebasing: bytes[text.range(of: event)])))
        }
      }
      return events
    }

    func all() throws -> [Benchmark] { ingest + (try queries()) }

    // MARK: Ingest

    private var ingest: [Benchmark] {
      [
        Benchmark(name: "split into events", unit: "event", unitCount: eventCount) { [self] in
          var batch = LogEventBatch(
            defaultStream: StreamTable.Names(logGroup: nil, logStream: nil))
          var reader = format.init()
          _ = log.withUnsafeBufferPointer { reader.read($0, ending: .end, into: &batch) }
          return batch.events.count
        },
        Benchmark(name: "hash the input", unit: "byte", unitCount: log.count) { [self] in
          var hash = SourceHash()
          log.withUnsafeBufferPointer { hash.update($0) }
          return hash.text.utf8.count
        },
        Benchmark(name: "classify", unit: "event", unitCount: eventCount) { [self] in
          let classifier = EventClassifier(collectsLines: true)
          let leaves = JSONLeafReader()
          var columns = EventColumns()
          var sum = 0
          forEachMessage {
            columns.clear()
            classifier.read($0, isLambda: true, leaves: leaves, into: &columns)
            sum &+= columns.isFact ? 1 : 0
          }
          return sum &+ classifier.takeLines().lines.count
        },
        Benchmark(name: "leaves of JSON", unit: "object", unitCount: objectCount) { [self] in
          let leaves = JSONLeafReader()
          var sum = 0
          forEachMessage {
            guard $0.first == UInt8(ascii: "{") else { return }
            _ = leaves.read($0, objectAt: 0)
            sum &+= leaves.leaves.count
          }
          return sum
        },
        Benchmark(name: "filter of tokens", unit: "byte", unitCount: byteCount) { [self] in
          var filter = TokenFilterBuilder()
          forEachMessage { filter.add($0) }
          return filter.encoded().count
        },
        Benchmark(name: "encode segments", unit: "event", unitCount: eventCount) { [self] in
          let classifier = EventClassifier(collectsLines: true)
          let encoder = SegmentEncoder(classify: classifier.read)
          return segments.reduce(0) { sum, events in
            defer { _ = classifier.takeLines() }
            return sum &+ encoder.encode(events).eventCount
          }
        },
      ]
    }

    private var eventCount: Int { segments.reduce(0) { $0 + $1.events.count } }
    private var byteCount: Int { segments.reduce(0) { $0 + $1.bytes.count } }
    private var objectCount: Int {
      var count = 0
      forEachMessage { if $0.first == UInt8(ascii: "{") { count += 1 } }
      return count
    }

    private func forEachMessage(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
      for segment in segments {
        segment.bytes.withUnsafeBufferPointer { bytes in
          for event in segment.events { body(UnsafeBufferPointer(rebasing: bytes[event.message])) }
        }
      }
    }

    // MARK: Queries

    private func queries() throws -> [Benchmark] {
      let expression = try RegularExpression(pattern: #"(?i)timeout|refused|item:\d+7 "#)
      return [
        decode("times") { try $0.timestamps().count },
        decode("request ids") { try $0.requestIDs()?.indexes.count ?? 0 },
        decode("numbers of REPORT") { try $0.reports()?.events.count ?? 0 },
        decode("fields") { reader in
          var count = 0
          for index in reader.directory.fields.indices {
            if case .dictionary(_, _, let indexes) = try reader.field(at: index) {
              count += indexes.count
            }
          }
          return count
        },
        decode("messages") { reader in
          try reader.messages().bytes.count
        },
        Benchmark(name: "search for a literal", unit: "byte", unitCount: byteCount) { [self] in
          let search = LiteralSearch(Array("NoSuchWord".utf8))
          return segments.reduce(0) { sum, segment in
            sum
              &+ segment.bytes.withUnsafeBufferPointer { search?.firstOffset(in: $0, from: 0) ?? 1 }
          }
        },
        Benchmark(name: "match a regex", unit: "event", unitCount: eventCount) { [self] in
          let matcher = RegularExpressionMatcher()
          var count = 0
          forEachMessage {
            if case .match = expression.matches($0, using: matcher) { count += 1 }
          }
          return count
        },
        Benchmark(name: "group by request id", unit: "event", unitCount: eventCount) { [self] in
          let groups = GroupTable(
            keyCount: 1,
            aggregates: [ScanRequest.Aggregate(name: "n", function: .rowCount, argument: nil)])
          var owners: [ScanSegment] = []
          for directory in directories {
            let segment = ScanSegment(
              reader: try Self.reader(of: directory, connection),
              streamNames: try StreamNames(connection: connection))
            owners.append(segment)
            let ids = try segment.vector(
              .system(.requestID), for: Selection(all: directory.eventCount))
            groups.add(
              keys: [ids], values: [.constant(.null)], count: directory.eventCount,
              place: Int64(directory.firstPosition))
          }
          return try groups.rows(0..<groups.rowCount, Cancellation()).count &+ owners.count
        },
      ]
    }

    private func decode(
      _ name: String, _ body: @escaping (SegmentReader) throws -> Int
    ) -> Benchmark {
      Benchmark(name: "decode " + name, unit: "event", unitCount: eventCount) { [self] in
        try directories.reduce(0) { try $0 &+ body(Self.reader(of: $1, connection)) }
      }
    }

    private static func reader(
      of directory: SegmentDirectory, _ connection: Connection
    ) throws -> SegmentReader {
      SegmentReader(directory: directory, blocks: try SegmentBlocks(connection: connection))
    }
  }
#endif
