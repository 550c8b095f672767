#if DEBUG || BENCHMARKS
  internal import Glibc
  internal import InsightsModel
  internal import InsightsText

  @testable internal import InsightsEngine
  @testable internal import InsightsIngest
  @testable internal import InsightsStore

  /// The loops that ingest and queries spend their time in, over one log.
  final class HotLoops {
    /// Of a log this much is looked at.
    private static let byteLimit = 32 << 20

    private let log: [UInt8]
    private let format: any LogFormat.Type
    private let batch: LogEventBatch
    private let segments: [SegmentEvents]
    private let folder: String
    private let connection: Connection
    private let directories: [SegmentDirectory]

    /// Reads the log, and stores it in a temporary folder.
    init(log: [UInt8]) throws {
      self.log = log
      format = log.withUnsafeBufferPointer { LogFormatRegistry.format(recognizing: $0) }
      let batch = Self.events(of: log, in: format)
      self.batch = batch
      segments = Self.segments(of: batch)
      var template = Array("/tmp/insights-loops-XXXXXX".utf8CString)
      folder = mkdtemp(&template).map { String(cString: $0) } ?? "."
      let file = folder + "/head.log"
      Self.write(log, to: file)
      _ = try Engine.ingest([file], intoStoreAt: folder + "/store.db")
      connection = try Connection(path: folder + "/store.db", mode: .readOnly)
      directories = try SegmentTable(connection: connection).directories()
    }

    deinit {
      for name in ["head.log", "store.db"] { unlink(folder + "/" + name) }
      rmdir(folder)
    }

    /// The beginning of a file, up to the end of a line; `nil` where it cannot be read.
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

    private static func events(of log: [UInt8], in format: any LogFormat.Type) -> LogEventBatch {
      var batch = LogEventBatch(defaultStream: StreamTable.Names(logGroup: nil, logStream: nil))
      var reader = format.init()
      _ = log.withUnsafeBufferPointer { reader.read($0, ending: .end, into: &batch) }
      return batch
    }

    private static func segments(of batch: LogEventBatch) -> [SegmentEvents] {
      var segments: [SegmentEvents] = [SegmentEvents()]
      batch.bytes.withUnsafeBufferPointer { bytes in
        for event in batch.events {
          if segments[segments.count - 1].isFull { segments.append(SegmentEvents()) }
          segments[segments.count - 1].append(
            EventRow(
              timestamp: event.timestamp, streamID: 1, sourceID: 1,
              message: UnsafeBufferPointer(rebasing: bytes[event.message])))
        }
      }
      return segments
    }

    func all() throws -> [Benchmark] { ingest + (try queries()) }

    // MARK: Ingest

    private var ingest: [Benchmark] {
      let eventCount = batch.events.count
      return [
        Benchmark(name: "split into events", unit: "event", unitCount: eventCount) { [self] in
          Self.events(of: log, in: format).events.count
        },
        Benchmark(name: "hash the input", unit: "byte", unitCount: log.count) { [self] in
          var hash = ContentHash()
          log.withUnsafeBufferPointer { hash.update($0) }
          return Int(truncatingIfNeeded: hash.value.low)
        },
        Benchmark(name: "classify", unit: "event", unitCount: eventCount) { [self] in
          let classifier = EventClassifier()
          let leaves = JSONLeafReader()
          var sum = 0
          forEachMessage {
            sum &+= classifier.columns(of: $0, isLambda: true, leaves: leaves).isFact ? 1 : 0
          }
          return sum &+ classifier.takeLines().count
        },
        Benchmark(name: "leaves of JSON", unit: "object", unitCount: objects.count) { [self] in
          let leaves = JSONLeafReader()
          return batch.bytes.withUnsafeBufferPointer { bytes in
            objects.reduce(0) { sum, object in
              _ = leaves.read(UnsafeBufferPointer(rebasing: bytes[object]), objectAt: 0)
              return sum &+ leaves.leaves.count
            }
          }
        },
        Benchmark(name: "filter of tokens", unit: "byte", unitCount: batch.bytes.count) { [self] in
          var filter = TokenFilterBuilder()
          forEachMessage { filter.add($0, known: (0..<0, 0..<0)) }
          return filter.encoded().count
        },
        Benchmark(name: "encode segments", unit: "event", unitCount: eventCount) { [self] in
          let classifier = EventClassifier()
          let encoder = SegmentEncoder(classify: classifier.columns)
          return segments.reduce(0) { sum, events in
            defer { _ = classifier.takeLines() }
            return sum &+ encoder.encode(events).eventCount
          }
        },
      ]
    }

    private lazy var objects: [Range<Int>] = batch.events.map(\.message).filter {
      !$0.isEmpty && batch.bytes[$0.lowerBound] == UInt8(ascii: "{")
    }

    private func forEachMessage(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
      batch.bytes.withUnsafeBufferPointer { bytes in
        for event in batch.events { body(UnsafeBufferPointer(rebasing: bytes[event.message])) }
      }
    }

    // MARK: Queries

    private func queries() throws -> [Benchmark] {
      let eventCount = directories.reduce(0) { $0 + $1.eventCount }
      let texts = try directories.flatMap { directory in
        let reader = try reader(of: directory)
        return try TextGroup.allCases.map { try reader.text(of: $0).bytes }
      }
      let byteCount = texts.reduce(0) { $0 + $1.count }
      let expression = try RegularExpression(pattern: #"(?i)timeout|refused|item:\d+7 "#)
      return [
        decode("times", eventCount) { try $0.timestamps().count },
        decode("request ids", eventCount) { try $0.requestIDs()?.indexes.count ?? 0 },
        decode("numbers of REPORT", eventCount) { try $0.reports()?.events.count ?? 0 },
        decode("fields", eventCount) { reader in
          var count = 0
          for index in reader.directory.fields.indices {
            if case .dictionary(_, _, let indexes) = try reader.field(at: index) {
              count += indexes.count
            }
          }
          return count
        },
        decode("messages", eventCount) { reader in
          try TextGroup.allCases.reduce(0) { try $0 + reader.text(of: $1).bytes.count }
        },
        Benchmark(name: "search for a literal", unit: "byte", unitCount: byteCount) {
          let search = LiteralSearch(Array("NoSuchWord".utf8))
          return texts.reduce(0) { sum, text in
            sum &+ text.withUnsafeBufferPointer { search?.firstOffset(in: $0, from: 0) ?? 1 }
          }
        },
        Benchmark(name: "match a regex", unit: "event", unitCount: batch.events.count) { [self] in
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
              reader: try reader(of: directory),
              streamNames: try StreamNames(connection: connection))
            owners.append(segment)
            let ids = try segment.vector(
              .requestID, for: Selection(all: directory.eventCount))
            groups.add(keys: [ids], values: [.constant(.null)], count: directory.eventCount)
          }
          return groups.rows().count &+ owners.count
        },
      ]
    }

    private func decode(
      _ name: String, _ eventCount: Int, _ body: @escaping (SegmentReader) throws -> Int
    ) -> Benchmark {
      Benchmark(name: "decode " + name, unit: "event", unitCount: eventCount) { [self] in
        try directories.reduce(0) { try $0 &+ body(reader(of: $1)) }
      }
    }

    private func reader(of directory: SegmentDirectory) throws -> SegmentReader {
      SegmentReader(directory: directory, blocks: try SegmentBlocks(connection: connection))
    }
  }
#endif
