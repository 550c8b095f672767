import InsightsThreads
import Testing

@Suite("ordered pipelines")
struct OrderedPipelineTests {
  /// A pipeline of which early jobs take longest.
  private static func pipeline(jobCount: Int) -> OrderedPipeline<Int, Int> {
    OrderedPipeline {
      { job in
        var sum = 0
        for number in 0..<max(0, jobCount - job) * 20 { sum &+= number & job }
        return sum >= 0 ? job * 2 : -1
      }
    }
  }

  @Test("results come in the order of their jobs", arguments: [0, 1, 3, 500])
  func order(jobCount: Int) {
    let pipeline = Self.pipeline(jobCount: jobCount)
    var results: [Int] = []
    for job in 0..<jobCount {
      while pipeline.isFull, let result = pipeline.take(waits: true) { results.append(result) }
      pipeline.submit(job)
      while let result = pipeline.take(waits: false) { results.append(result) }
    }
    while let result = pipeline.take(waits: true) { results.append(result) }
    #expect(results == (0..<jobCount).map { $0 * 2 })
    #expect(pipeline.isEmpty)
  }

  @Test("it takes as many jobs as it says, and no result twice")
  func bound() {
    let pipeline = Self.pipeline(jobCount: 1)
    var count = 0
    while !pipeline.isFull {
      pipeline.submit(count)
      count += 1
    }
    #expect(count == Processors.workerCount * 2)
    for number in 0..<count { #expect(pipeline.take(waits: true) == number * 2) }
    #expect(pipeline.take(waits: true) == nil)
  }

  @Test("one that is given up with jobs in it ends")
  func givenUp() {
    for count in 1...2 {
      let pipeline = Self.pipeline(jobCount: 100)
      for job in 0..<count { pipeline.submit(job) }
    }
  }
}
