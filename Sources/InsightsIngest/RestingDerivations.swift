internal import InsightsModel
internal import InsightsStore

/// Derivations of streams that have reached the end of what is stored, and continue when more
/// arrives.
struct RestingDerivations {
  /// A stream; if its names are unknown, one of its sources.
  struct Key: Hashable {
    var streamID: Int64
    /// 0 if the stream is known.
    var sourceID: Int64
  }

  /// The state of a derivation before the stream was treated as ended.
  struct Derivation {
    var assembler: InvocationAssembler
    var lastFact: FactPlace
    /// The ids of the rows that depend on the stream's end, and may change when it continues.
    var invocationIDs: Range<Int64>
    var errorIDs: Range<Int64>
  }

  /// The maximum number of derivations kept, the most recent ones.
  ///
  /// The rows of others are final, and their streams are derived again from the start when they
  /// grow.
  private static let limit = 1024

  private var derivations: [Key: Derivation] = [:]
  /// The recency of each, as an increasing number.
  private var times: [Key: Int] = [:]
  private var time = 0
  /// The requests of all final invocations; `nil` until needed.
  private var requests: RequestHistory?
  /// The requests that assemblers have seen.
  let history = RequestHistory()

  func contains(_ key: Key) -> Bool { derivations[key] != nil }

  mutating func take(_ key: Key) -> Derivation? {
    times[key] = nil
    return derivations.removeValue(forKey: key)
  }

  mutating func keep(_ derivation: Derivation, for key: Key) {
    if derivations.count >= RestingDerivations.limit { forgetOldest() }
    time += 1
    times[key] = time
    derivations[key] = derivation
  }

  /// Removes a quarter at once, so that this happens rarely.
  private mutating func forgetOldest() {
    for (key, _) in times.sorted(by: { $0.value < $1.value }).prefix(RestingDerivations.limit / 4) {
      derivations[key] = nil
      times[key] = nil
    }
  }

  /// Removes a stream whose rows are derived again.
  mutating func forget(streamID: Int64) {
    for key in derivations.keys where key.streamID == streamID { _ = take(key) }
  }

  /// Whether an invocation with id `firstID` or above has the same request as another one.
  mutating func hasRepeats(
    from firstID: Int64, in invocations: InvocationTable
  ) throws(StoreError) -> Bool {
    let known = requests ?? RequestHistory()
    let start = requests == nil ? 1 : firstID
    requests = known
    var provisional: Set<Int64> = []
    for derivation in derivations.values { provisional.formUnion(derivation.invocationIDs) }
    var hasRepeats = false
    try invocations.forEachRequest(from: start) { id, request in
      let isKnown = provisional.contains(id) ? known.mayContain(request) : known.add(request)
      if isKnown, id >= firstID { hasRepeats = true }
    }
    return hasRepeats
  }
}
