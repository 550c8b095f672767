package import InsightsEngine
package import InsightsModel
package import InsightsStore
internal import InsightsText

extension Engine {
  /// Numbers the functions of log groups, which are globs; empty for all.
  ///
  /// `combined` treats all functions as one, without a name.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  package func functionNumbers(
    logGroups: [String] = [], combined: Bool = false
  ) throws(StoreError) -> FunctionNumbers {
    var numbers = FunctionNumbers()
    try store.forEachStream(ofGroups: logGroups) { id, logGroup, logStream in
      let name = combined ? nil : FunctionName.of(logGroup: logGroup, logStream: logStream)
      numbers.add(name ?? "", ofStream: id)
    }
    return numbers
  }
}

/// The function of each log stream, by numbers.
package struct FunctionNumbers {
  /// Indexed by number; empty if the logs do not name the function.
  package private(set) var names: [String] = []
  private var indexes: [String: Int] = [:]
  private var byStream: [Int64: Int] = [:]

  fileprivate mutating func add(_ name: String, ofStream stream: Int64) {
    let index = indexes[name] ?? names.count
    if index == names.count {
      indexes[name] = index
      names.append(name)
    }
    byStream[stream] = index
  }

  /// Calls `body` with consecutive samples of one stream, usually many, and the number of their
  /// function; streams that are not selected are skipped.
  package func forEachRun(
    of samples: UnsafeBufferPointer<Store.InvocationSample>,
    _ body: (InvocationSamples, Int) -> Void
  ) {
    var start = 0
    while start < samples.count {
      let stream = samples[start].streamID
      var end = start + 1
      while end < samples.count, samples[end].streamID == stream { end += 1 }
      if let function = byStream[stream] { body(samples[start..<end], function) }
      start = end
    }
  }
}
