internal import InsightsStore

/// Derivations of streams that have come to the end of what is stored, and go on when more comes.
struct RestingDerivations {
  /// A stream; where it is unknown, a source of it.
  struct Key: Hashable {
    var streamID: Int64
    /// 0 where the stream is known.
    var sourceID: Int64
  }

  /// A derivation before the end of its stream was taken for one.
  struct Derivation {
    var assembler: InvocationAssembler
    var lastFact: FactPlace
    /// The ids of the rows that the end gave, and that another end may give otherwise.
    var invocationIDs: Range<Int64>
    var errorIDs: Range<Int64>
  }

  /// Derivations that are kept, those that rested last; the rows of others are final, and their
  /// streams are derived again from the start when they grow.
  private static let limit = 1024

  private var derivations: [Key: Derivation] = [:]
  /// When each was kept, by a number that grows.
  private var times: [Key: Int] = [:]
  private var time = 0
  /// The requests of all invocations that are final; `nil` until they are asked for.
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

  /// Forgets a quarter, so that this is seldom done.
  private mutating func forgetOldest() {
    for (key, _) in times.sorted(by: { $0.value < $1.value }).prefix(RestingDerivations.limit / 4) {
      derivations[key] = nil
      times[key] = nil
    }
  }

  /// Forgets a stream, whose rows are made anew.
  mutating func forget(streamID: Int64) {
    for key in derivations.keys where key.streamID == streamID { _ = take(key) }
  }

  /// Whether some invocation with an id of `firstID` or more has a request that another has too.
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
