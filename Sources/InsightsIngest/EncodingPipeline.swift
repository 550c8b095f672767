internal import Glibc
internal import InsightsStore

/// What becomes of the events of a segment.
struct PreparedSegment: Sendable {
  var events: SegmentEvents
  var segment: EncodedSegment
  var facts: SegmentFacts
}

/// Encodes segments on threads of its own and gives them back in their order.
///
/// Belongs to one thread; the workers end with it.
final class EncodingPipeline {
  /// Segments on their way, at most, for each worker.
  private static let jobsPerWorker = 2

  private let queue = EncodingQueue()
  private var threads: [pthread_t] = []
  private let workerCount: Int
  /// The numbers of the next job to submit and the next to take.
  private var submittedCount = 0
  private var takenCount = 0

  init() {
    workerCount = max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 8))
  }

  deinit {
    queue.close()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Whether the next segment has to be taken before another can be submitted.
  var isFull: Bool {
    submittedCount - takenCount >= workerCount * EncodingPipeline.jobsPerWorker
  }

  var isEmpty: Bool { submittedCount == takenCount }

  func submit(_ events: SegmentEvents) {
    if threads.count < workerCount, threads.count <= submittedCount - takenCount { startThread() }
    queue.add(events, number: submittedCount)
    submittedCount += 1
  }

  /// The next segment, in the order of `submit`.
  ///
  /// - Returns: `nil` when there is none, or with `waits` false when it is not done yet.
  func take(waits: Bool) -> PreparedSegment? {
    guard !isEmpty, let segment = queue.result(number: takenCount, waits: waits) else {
      return nil
    }
    takenCount += 1
    return segment
  }

  private func startThread() {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(queue)
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<EncodingQueue>.fromOpaque(argument).takeRetainedValue().work() }
        return nil
      }, argument.toOpaque())
    if code == 0 {
      threads.append(thread)
    } else {
      argument.release()
    }
    // Without any worker the work is done where it is asked for.
    queue.hasWorkers = !threads.isEmpty
  }
}

/// Jobs and results that threads share.
private final class EncodingQueue: @unchecked Sendable {
  private var mutex = pthread_mutex_t()
  private var jobAdded = pthread_cond_t()
  private var jobDone = pthread_cond_t()
  // Guarded by the mutex:
  private var jobs: [(number: Int, events: SegmentEvents)] = []
  private var results: [Int: PreparedSegment] = [:]
  private var isClosed = false
  /// Of the thread that submits.
  var hasWorkers = false

  init() {
    pthread_mutex_init(&mutex, nil)
    pthread_cond_init(&jobAdded, nil)
    pthread_cond_init(&jobDone, nil)
  }

  deinit {
    pthread_cond_destroy(&jobDone)
    pthread_cond_destroy(&jobAdded)
    pthread_mutex_destroy(&mutex)
  }

  func add(_ events: SegmentEvents, number: Int) {
    pthread_mutex_lock(&mutex)
    jobs.append((number, events))
    pthread_mutex_unlock(&mutex)
    pthread_cond_signal(&jobAdded)
  }

  func close() {
    pthread_mutex_lock(&mutex)
    isClosed = true
    pthread_mutex_unlock(&mutex)
    pthread_cond_broadcast(&jobAdded)
  }

  func result(number: Int, waits: Bool) -> PreparedSegment? {
    if !hasWorkers { work(untilEmpty: true) }
    pthread_mutex_lock(&mutex)
    defer { pthread_mutex_unlock(&mutex) }
    while waits, results[number] == nil { pthread_cond_wait(&jobDone, &mutex) }
    return results.removeValue(forKey: number)
  }

  /// Encodes jobs until the queue is closed, or with `untilEmpty` until there is none.
  func work(untilEmpty: Bool = false) {
    let classifier = EventClassifier()
    let encoder = SegmentEncoder(classify: classifier.read)
    while true {
      pthread_mutex_lock(&mutex)
      while jobs.isEmpty, !isClosed, !untilEmpty { pthread_cond_wait(&jobAdded, &mutex) }
      guard !isClosed, !jobs.isEmpty else {
        pthread_mutex_unlock(&mutex)
        return
      }
      let job = jobs.removeFirst()
      pthread_mutex_unlock(&mutex)
      let segment = encoder.encode(job.events)
      let prepared = PreparedSegment(
        events: job.events, segment: segment,
        facts: SegmentFacts(
          segment.facts, of: job.events, lines: classifier.takeLines()))
      pthread_mutex_lock(&mutex)
      results[job.number] = prepared
      pthread_mutex_unlock(&mutex)
      pthread_cond_signal(&jobDone)
    }
  }
}
