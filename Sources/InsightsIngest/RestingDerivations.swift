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

  /// Derivations that are kept; the rows of others are final, and their streams are derived again
  /// from the start when they grow.
  private static let limit = 1024

  private var derivations: [Key: Derivation] = [:]
  /// The requests of all invocations that are final; `nil` until they are asked for.
  private var requests: RequestHistory?
  /// The requests that assemblers have seen.
  let history = RequestHistory()

  var isFull: Bool { derivations.count >= RestingDerivations.limit }

  func contains(_ key: Key) -> Bool { derivations[key] != nil }

  mutating func take(_ key: Key) -> Derivation? { derivations.removeValue(forKey: key) }

  mutating func keep(_ derivation: Derivation, for key: Key) { derivations[key] = derivation }

  /// Forgets a stream, whose rows are made anew.
  mutating func forget(streamID: Int64) {
    for key in derivations.keys where key.streamID == streamID { derivations[key] = nil }
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
