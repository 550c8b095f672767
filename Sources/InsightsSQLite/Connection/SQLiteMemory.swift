package import InsightsModel
internal import CMalloc
internal import CSQLite
internal import Glibc

/// The memory that SQLite allocates, as far as it belongs to a query.
///
/// SQLite has one allocator for the process, in which several queries may run. Each runs on a thread of
/// its own, so what a thread allocates is counted as what its query holds: copies of values, tables and
/// sorts of the statement as far as they are in memory. An allocation that goes beyond the limit fails,
/// which ends the statement.
package enum SQLiteMemory {
  /// Bytes of a query that are not counted: its statement, and pages that SQLite's cache keeps for the next one.
  private static let freeByteCount = 4 << 20

  /// Bytes by which what is counted may lag behind: that takes a lock.
  private static let lagByteCount = 256 << 10

  /// What the query on a thread has allocated.
  private struct Account: BitwiseCopyable {
    package let memory: Unmanaged<QueryMemory>
    /// Bytes allocated, less those freed; negative where what was there before was freed.
    package var byteCount = 0
    /// Bytes that `memory` knows of.
    package var countedByteCount = 0
    package var hasRefused = false
  }

  /// Has SQLite allocate here; works only before SQLite is used for the first time.
  package static func install() {
    var methods = sqlite3_mem_methods()
    methods.xInit = { _ in SQLITE_OK }
    methods.xShutdown = { _ in }
    methods.xRoundup = { ($0 + 7) & ~7 }
    methods.xSize = { Int32(truncatingIfNeeded: malloc_usable_size($0)) }
    methods.xMalloc = { SQLiteMemory.allocate(Int($0)) }
    methods.xRealloc = { SQLiteMemory.resize($0, to: Int($1)) }
    methods.xFree = { bytes in
      _ = SQLiteMemory.count(-malloc_usable_size(bytes))
      free(bytes)
    }
    _ = insights_sqlite3_config_malloc(&methods)
    // Its own count takes a lock for every allocation.
    _ = insights_sqlite3_config_memstatus(0)
  }

  /// Calls `body`; what SQLite allocates meanwhile on this thread, and has not freed, `memory` holds.
  ///
  /// - Throws: `StoreError.memoryLimitExceeded` where that was too much, and what `body` throws.
  package static func counted<Output>(
    in memory: QueryMemory, _ body: () throws(StoreError) -> Output
  ) throws(StoreError) -> Output {
    var account = Account(memory: .passUnretained(memory))
    return try withUnsafeMutablePointer(to: &account) { account throws(StoreError) in
      let outer = pthread_getspecific(key)
      pthread_setspecific(key, account)
      defer {
        pthread_setspecific(key, outer)
        memory.release(account.pointee.countedByteCount)
      }
      let outcome = Result { () throws(StoreError) in try body() }
      // SQLite goes on without some of what it asks for; nothing depends on which.
      if account.pointee.hasRefused { throw .memoryLimitExceeded(limit: memory.limit) }
      return try outcome.get()
    }
  }

  /// The account of a thread, as long as a query runs on it.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  private static func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
    guard let bytes = malloc(count) else { return nil }
    if Self.count(malloc_usable_size(bytes)) { return bytes }
    free(bytes)
    return nil
  }

  private static func resize(
    _ bytes: UnsafeMutableRawPointer?, to size: Int
  ) -> UnsafeMutableRawPointer? {
    let oldSize = malloc_usable_size(bytes)
    let growth = size - oldSize
    // Refused before the old bytes are gone.
    guard count(growth) else { return nil }
    guard let resized = realloc(bytes, size) else {
      _ = count(-growth)
      return nil
    }
    _ = count(malloc_usable_size(resized) - size)
    return resized
  }

  /// Takes note of bytes that are allocated, or freed; false where they may not be allocated.
  private static func count(_ difference: Int) -> Bool {
    guard let account = pthread_getspecific(key)?.assumingMemoryBound(to: Account.self) else {
      return true
    }
    account.pointee.byteCount += difference
    let news =
      max(account.pointee.byteCount - freeByteCount, 0) - account.pointee.countedByteCount
    guard news.magnitude >= lagByteCount else { return true }
    let memory = account.pointee.memory.takeUnretainedValue()
    do throws(StoreError) {
      try memory.change(by: news)
      account.pointee.countedByteCount += news
      return true
    } catch {
      memory.release(news)
      account.pointee.byteCount -= difference
      account.pointee.hasRefused = true
      return difference <= 0
    }
  }
}
