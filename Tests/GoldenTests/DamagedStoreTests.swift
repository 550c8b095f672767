import Foundation
import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsSQLite
import InsightsStore
import InsightsTestSupport
import Testing

/// A store that is not what was written is refused, or gives what was written: never another answer.
@Suite("damaged stores")
struct DamagedStoreTests {
  private static let pageSize = 4096
  private static let frameSize = 4096 + 24
  private static let logHeaderSize = 32

  /// What a store says, by everything that reads its tables.
  private static func contents(of path: String) throws -> [String] {
    let engine = try Engine(readingStoreAt: path)
    var contents: [String] = []
    for query in [
      "fields @timestamp, @message, @log, @logStream, order, customer.id | sort @timestamp, @message",
      "filter order = 'A-7' | stats count(*)",
      "filter @requestId = '\(DamagedLog.requestID(7))' | fields @message",
      "SOURCE invocations | sort @requestId",
      "SOURCE errors | sort @timestamp",
    ] {
      contents.append("\(try engine.answer(SourceText(query), options: .init(now: 0)).table.rows)")
    }
    contents.append("\(try engine.storeStatistics())")
    contents.append("\(try engine.fields().rows) \(try engine.fieldIndexes().rows)")
    for table in ["frames", "sources", "log_groups", "log_streams", "invocations", "errors"] {
      contents.append("\(try Program.rows(of: "SELECT * FROM \(table)", in: path))")
    }
    return contents
  }

  /// Whether what `read` does is refused for damage; that it is the expected otherwise is checked.
  private static func isRefused(
    _ path: String, expecting expected: [String], _ place: String
  ) throws -> Bool {
    do {
      let found = try contents(of: path)
      #expect(found == expected, "\(place)")
      return false
    } catch StoreError.damaged, StoreError.notAStore, StoreError.empty {
      return true
    }
  }

  @Test("a flipped bit anywhere in the file is told, or changes nothing")
  func flippedBits() throws {
    let folder = try TemporaryFolder()
    let store = try DamagedLog.store(in: folder)
    let expected = try Self.contents(of: store)
    // Every table has rows.
    #expect(!expected.contains("[]"))
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: store)))
    let pageCount = bytes.count / Self.pageSize
    #expect(bytes.count == pageCount * Self.pageSize && pageCount >= 20)
    let copy = "\(folder.path)/copy.db"
    var random = SeededGenerator(state: 11)
    var refusals = 0
    var flips = 0
    for page in 0..<pageCount {
      // Its first bytes tell what it is, the last are its checksum.
      let inside = (0..<4).map { _ in Int.random(in: 8..<4088, using: &random) }
      for offset in [0, 7] + inside + [4091] {
        var damaged = bytes
        damaged[page * Self.pageSize + offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        try Data(damaged).write(to: URL(fileURLWithPath: copy))
        flips += 1
        if try Self.isRefused(copy, expecting: expected, "page \(page + 1), byte \(offset)") {
          refusals += 1
        }
      }
    }
    // What is asked here reads all pages but those of indexes that an ingest needs.
    #expect(refusals >= flips * 4 / 5)
    // The header says by which rules the rest is read.
    for bit in 0..<100 * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try Data(damaged).write(to: URL(fileURLWithPath: copy))
      #expect(try Self.isRefused(copy, expecting: expected, "bit \(bit)"), "bit \(bit)")
    }
  }

  @Test("zeroed, exchanged, cut and overwritten pages are told")
  func otherDamage() throws {
    let folder = try TemporaryFolder()
    let store = try DamagedLog.store(in: folder)
    let expected = try Self.contents(of: store)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: store)))
    let pageCount = bytes.count / Self.pageSize
    let copy = "\(folder.path)/copy.db"
    func page(_ number: Int) -> Range<Int> {
      (number - 1) * Self.pageSize..<number * Self.pageSize
    }
    func expectRefusal(_ place: String, _ damage: (inout [UInt8]) -> Void) throws {
      var damaged = bytes
      damage(&damaged)
      try Data(damaged).write(to: URL(fileURLWithPath: copy))
      #expect(try Self.isRefused(copy, expecting: expected, place), "\(place)")
    }
    for number in [1, 2, pageCount / 2, pageCount] {
      try expectRefusal("zeros in page \(number)") {
        $0.replaceSubrange(page(number), with: repeatElement(0, count: Self.pageSize))
      }
      try expectRefusal("garbage in page \(number)") { bytes in
        for index in page(number) { bytes[index] = UInt8(truncatingIfNeeded: index * 31) }
      }
    }
    try expectRefusal("a page of another place") {
      $0[page(pageCount / 2)] = $0[page(pageCount / 2 + 1)]
    }
    for count in [0, 1, 50, 99, 100, 512, 4096, 5000, bytes.count - 4096, bytes.count - 1] {
      try expectRefusal("\(count) bytes are left") { $0.removeLast($0.count - count) }
    }
  }

  // MARK: The write-ahead log

  /// A store with a log of two transactions, as a writer leaves it that is killed.
  private static func storeWithLog(in folder: TemporaryFolder) throws -> String {
    let store = try DamagedLog.store(in: folder)
    let writer = try Connection(path: store, mode: .readWrite)
    try writer.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
    for group in 1...2 {
      try writer.transaction {
        try writer.execute("INSERT INTO log_groups (name) VALUES ('/aws/lambda/late\(group)')")
        try writer.execute("UPDATE invocation_rows SET max_memory_mb = max_memory_mb + \(group)")
      }
    }
    let copy = "\(folder.path)/left.db"
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: store + suffix, toPath: copy + suffix)
    }
    return copy
  }

  /// Calls `body` with a copy of a store and its log, which nobody has opened yet.
  private static func withCopy<Result>(
    of store: String, log: [UInt8], _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = try TemporaryFolder()
    let copy = "\(folder.path)/copy.db"
    try FileManager.default.copyItem(atPath: store, toPath: copy)
    try Data(log).write(to: URL(fileURLWithPath: "\(copy)-wal"))
    return try body(copy)
  }

  @Test("a log that a writer left is read whole, or the store is refused")
  func damagedLog() throws {
    let folder = try TemporaryFolder()
    let store = try Self.storeWithLog(in: folder)
    let log = [UInt8](try Data(contentsOf: URL(fileURLWithPath: store + "-wal")))
    let expected = try Self.withCopy(of: store, log: log, Self.contents(of:))
    #expect(expected.contains { $0.contains("/aws/lambda/late2") })
    let frameCount = (log.count - Self.logHeaderSize) / Self.frameSize
    #expect(frameCount >= 6)
    var places = Array(0..<Self.logHeaderSize)
    for frame in 0..<frameCount {
      let start = Self.logHeaderSize + frame * Self.frameSize
      places += stride(from: start, to: start + 24, by: 5)
      places += [start + 24, start + 2000, start + Self.frameSize - 1]
    }
    for place in places {
      var damaged = log
      damaged[place] ^= 0x10
      let isRefused = try Self.withCopy(of: store, log: damaged) {
        try Self.isRefused($0, expecting: expected, "log, byte \(place)")
      }
      #expect(isRefused, "log, byte \(place)")
    }
  }

  @Test("a transaction that a kill cut off is not there, and no damage")
  func unfinishedLog() throws {
    let folder = try TemporaryFolder()
    let store = try Self.storeWithLog(in: folder)
    let log = [UInt8](try Data(contentsOf: URL(fileURLWithPath: store + "-wal")))
    let last = log.count - Self.frameSize
    // The last frame is missing, has only begun, or has a header above what an older log left.
    let older = [UInt8](repeating: 7, count: 2 * Self.frameSize)
    for cut in [
      Array(log[..<last]), Array(log[..<(last + 24)]), Array(log[..<(last + 100)]),
      Array(log[..<(last + 24)]) + older,
    ] {
      let contents = try Self.withCopy(of: store, log: cut, Self.contents(of:))
      #expect(contents.contains { $0.contains("/aws/lambda/late1") })
      #expect(!contents.contains { $0.contains("/aws/lambda/late2") })
    }
  }

  @Test("another program may fold the log into the file")
  func foldedByOthers() throws {
    let folder = try TemporaryFolder()
    let store = try Self.storeWithLog(in: folder)
    let log = [UInt8](try Data(contentsOf: URL(fileURLWithPath: store + "-wal")))
    let expected = try Self.withCopy(of: store, log: log, Self.contents(of:))
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: store)))
    for frame in stride(from: Self.logHeaderSize, to: log.count, by: Self.frameSize) {
      let number = log[frame..<frame + 4].reduce(0) { $0 << 8 | Int($1) }
      let missing = number * Self.pageSize - bytes.count
      if missing > 0 { bytes += repeatElement(0, count: missing) }
      bytes.replaceSubrange(
        (number - 1) * Self.pageSize..<number * Self.pageSize,
        with: log[(frame + 24)..<(frame + Self.frameSize)])
    }
    try Data(bytes).write(to: URL(fileURLWithPath: store))
    try FileManager.default.removeItem(atPath: store + "-wal")
    #expect(try Self.contents(of: store) == expected)
  }
}

/// A log that gives rows to every table.
private enum DamagedLog {
  static func requestID(_ number: Int) -> String {
    "00000000-0000-4000-8000-0000000\(10_000 + number)"
  }

  private static func text(_ numbers: Range<Int>) -> String {
    numbers.map { number in
      let time = "2026-02-11T09:\(10 + number / 50):\(10 + number % 50).\(100 + number)Z"
      let id = requestID(number)
      let failure =
        number % 9 != 0
        ? ""
        : """
        \(time) [ERROR] KeyError: 'order \(number)'
        Traceback (most recent call last):
          File "/var/task/orders.py", line \(number), in handler
            return orders[key]

        """
      return """
        \(time) START RequestId: \(id) Version: $LATEST
        \(time) {"level":"INFO","order":"A-\(number)","customer":{"id":\(number * 7919)}}
        \(failure)\(time) END RequestId: \(id)
        \(time) REPORT RequestId: \(id)\tDuration: \(number).25 ms\tBilled Duration: \(number) ms\t\
        Memory Size: 128 MB\tMax Memory Used: \(40 + number % 60) MB

        """
    }.joined()
  }

  /// A store of two groups with a field index; gives its path.
  static func store(in folder: TemporaryFolder) throws -> String {
    let path = "\(folder.path)/store.db"
    for group in 0..<2 {
      let log = try folder.write(text(group * 100..<(group + 1) * 100), to: "\(group).log")
      _ = try Engine.ingest(
        [log], intoStoreAt: path,
        options: ImportOptions(
          logGroup: "/aws/lambda/g\(group)", logStream: "s", segmentEventLimit: 100))
    }
    try Engine.addFieldIndexes(of: ["order"], toStoreAt: path)
    return path
  }
}
