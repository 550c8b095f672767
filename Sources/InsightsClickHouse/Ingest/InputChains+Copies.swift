internal import InsightsModel
internal import InsightsStore

/// What several runs have stored of the same input at once.
///
/// Each may have stored the log as a source of its own, one of them after it had grown. Since a chain
/// identifies all events up to its own, such sources are recognised. They become one, that of the
/// earliest run.
extension InputChains {
  /// The maximum number of repetitions while other runs store the same inputs.
  private static let roundLimit = 20

  /// Returns the sources on the server that inputs continue, at most one for each after uniting those
  /// that have the same events; with `wantsPositions`, also the positions of the inputs' events.
  func settledSources(
    of inputs: some Sequence<Input>, _ plan: UploadPlan, _ streams: UploadedStreams,
    of store: Store, _ removal: RowRemoval, wantsPositions: Bool
  ) throws -> (sources: [Candidate], positions: [Input: [ClosedRange<Int64>]]) {
    let (client, cancellation) = (removal.client, removal.cancellation)
    var positions: [Input: [ClosedRange<Int64>]] = [:]
    var sources: [Candidate] = []
    for _ in 0..<Self.roundLimit {
      var found = try candidates(of: inputs, plan, streams, client, cancellation)
      // Usually the only source is this run's own, of which all chains are known to be equal.
      if wantsPositions || found.contains(where: { !isOwn($0) }) {
        positions = try readOwnChains(of: store, streams, &found)
        found = try continued(of: found, client, cancellation)
      }
      let groups = Dictionary(grouping: found, by: \.input).values
      let copied = groups.filter { group in
        group.count > 1 || group.contains { $0.rowCount > $0.count }
      }
      sources = found
      if copied.isEmpty { break }
      for group in copied { try uniteSources(group, removal) }
    }
    return (sources, positions)
  }

  /// Whether a source ends with the same events as the input.
  private func isOwn(_ candidate: Candidate) -> Bool {
    candidate.lastChain == end(of: candidate.input)?.chain
  }

  /// Makes one source without copies of several that an input continues.
  ///
  /// All runs choose the same source. If it is interrupted, the next ingest completes it.
  private func uniteSources(_ sources: [Candidate], _ removal: RowRemoval) throws(StoreError) {
    let first = sources.min {
      ($0.firstIngest, $0.last.source) < ($1.firstIngest, $1.last.source)
    }
    guard let first else { return }
    let (key, source) = (first.last.key, first.last.source)
    try removal.unite(sources.map(\.last.source).filter { $0 != source }, with: source, in: key)
    try removal.removeCopies(ofSource: source, in: key)
  }

  /// Unites what this run has stored of inputs with what others have stored meanwhile; returns
  /// whether all events of the inputs are there.
  ///
  /// They are not if another log begins with the same events, and its run has taken these for its
  /// own before the others were stored.
  func uniteSent(
    _ inputs: Set<Input>, _ streams: UploadedStreams, of store: Store, _ removal: RowRemoval,
    _ plan: inout UploadPlan
  ) throws -> Bool {
    let sources = try settledSources(
      of: inputs, plan, streams, of: store, removal, wantsPositions: false
    ).sources
    var complete: Set<Input> = []
    for source in sources {
      plan.sources[source.input] = source.last.source
      let number = end(of: source.input)?.number ?? 0
      if source.last.number >= number, source.count == source.last.number {
        complete.insert(source.input)
      }
    }
    return complete == inputs
  }
}
