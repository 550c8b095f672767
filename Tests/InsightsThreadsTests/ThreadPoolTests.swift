import InsightsThreads
import Testing

@Suite("thread pool")
struct ThreadPoolTests {
  @Test("every job runs, and never more at once than there may be threads", arguments: [1, 3])
  func limit(threadCount: Int) {
    let pool = ThreadPool(limit: threadCount)
    let running = Locked((now: 0, most: 0, done: 0))
    let done = Semaphore()
    for _ in 0..<500 {
      pool.run {
        running.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        running.withLock {
          $0.now -= 1
          $0.done += 1
        }
        done.signal()
      }
    }
    for _ in 0..<500 { done.wait() }
    #expect(running.withLock { $0.done } == 500)
    #expect(running.withLock { $0.most } <= threadCount)
    pool.close()
  }

  @Test("jobs that wait for each other each get a thread")
  func waiting() {
    let pool = ThreadPool(limit: 8)
    let all = Locked(0)
    let arrived = Semaphore()
    let gate = Semaphore()
    for _ in 0..<8 {
      pool.run {
        arrived.signal()
        gate.wait()
        all.withLock { $0 += 1 }
        arrived.signal()
      }
    }
    // Each has begun before any may go on.
    for _ in 0..<8 { arrived.wait() }
    for _ in 0..<8 { gate.signal() }
    for _ in 0..<8 { arrived.wait() }
    #expect(all.withLock { $0 } == 8)
    pool.close()
  }

  @Test("an event is told once to each, also to those who come late, but for those who left")
  func events() {
    let event = OneTimeEvent()
    let told = Locked<[Int]>([])
    event.watch { told.withLock { $0.append(1) } }
    let forget = event.watch { told.withLock { $0.append(2) } }
    forget()
    event.happen()
    event.happen()
    event.watch { told.withLock { $0.append(3) } }
    #expect(told.withLock { $0 } == [1, 3])
    #expect(event.hasHappened)
  }
}
