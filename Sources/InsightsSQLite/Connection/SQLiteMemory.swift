package import InsightsModel
internal import CMalloc
internal import CSQLite
internal import Glibc

/// Counts the memory that SQLite allocates for a query, and enforces the query's limit.
///
/// SQLite has one allocator per process, but several queries may run. Each query runs on its own
/// thread, so allocations of the thread are attributed to its query: copies of values, and the
/// tables and sorts of the statement that are in memory. An allocation beyond the limit fails,
/// which ends the statement.
package enum SQLiteMemory {
  /// The bytes that are not counted: the statement itself, and pages that SQLite caches for the
  /// next one.
  private static let freeByteCount = 4 << 20

  /// The maximum difference between allocated and counted bytes, because counting takes a lock.
  private static let lagByteCount = 256 << 10

  /// The allocations of the query on a thread.
  private struct Account: BitwiseCopyable {
    package let memory: Unmanaged<QueryMemory>
    /// The bytes allocated minus the bytes freed; negative if memory from before the query was
    /// freed.
    package var byteCount = 0
    /// The bytes that were added to `memory`.
    package var countedByteCount = 0
    package var hasRefused = false
  }

  /// Installs the allocator; works only before SQLite is used for the first time.
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
    // SQLite's own statistics take a lock for every allocation.
    _ = insights_sqlite3_config_memstatus(0)
  }

  /// Calls `body`, and counts what SQLite allocates on this thread meanwhile towards `memory`.
  ///
  /// The counted bytes are released at the end.
  ///
  /// - Throws: `StoreError.memoryLimitExceeded` if an allocation was refused, and what `body`
  ///   throws.
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
      // SQLite continues after some refused allocations; the statement fails after any of them.
      if account.pointee.hasRefused { throw .memoryLimitExceeded(limit: memory.limit) }
      return try outcome.get()
    }
  }

  /// The thread-specific key of the account; set while a query runs on the thread.
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
    // The allocation is refused while the old bytes are still valid.
    guard count(growth) else { return nil }
    guard let resized = realloc(bytes, size) else {
      _ = count(-growth)
      return nil
    }
    _ = count(malloc_usable_size(resized) - size)
    return resized
  }

  /// Counts bytes that are allocated, or freed (negative); returns false if the limit refuses them.
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
