internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Finds inputs of unknown group and stream that share events with another input.
///
/// Equal lines alone prove nothing. But a platform line with a request id is written only once: two
/// inputs that have it overlap.
struct OverlapSearch {
  /// An input that overlaps with another one.
  struct Overlap {
    var path: String
    var other: String
  }

  /// The maximum number of requests that are checked; one match is enough.
  private static let requestLimit = 64

  let lines: RequestLineSearch
  let invocations: InvocationTable
  let sources: SourceTable

  private struct Line: Hashable {
    var request: Int
    var streamID: Int64
    var timestamp: Int64?
    var high: UInt64
    var low: UInt64
  }

  /// Returns those of the new inputs, by the root of their source, that overlap with any other.
  func overlaps(of inputs: [Int64: String]) throws(StoreError) -> [Overlap] {
    let requests = try invocations.repeatedRequests(limit: OverlapSearch.requestLimit)
    guard !requests.isEmpty else { return [] }
    var sourcesOfLines: [Line: Set<Int64>] = [:]
    try lines.forEachLine(ofRequests: requests) { line in
      var hash = ContentHash()
      hash.update(line.message)
      let (high, low) = hash.value
      let key = Line(
        request: line.request, streamID: line.streamID, timestamp: line.timestamp, high: high,
        low: low)
      sourcesOfLines[key, default: []].insert(line.sourceID)
    }
    var others: [Int64: Int64] = [:]
    for ids in sourcesOfLines.values where ids.count > 1 {
      // Of two inputs the later one is reported.
      for id in ids.sorted().dropFirst() where inputs[id] != nil {
        others[id] = min(others[id] ?? .max, ids.min() ?? id)
      }
    }
    var overlaps: [Overlap] = []
    for (id, other) in others.sorted(by: { $0.key < $1.key }) {
      guard let path = inputs[id], let otherPath = try sources.source(other)?.path else {
        continue
      }
      overlaps.append(Overlap(path: path, other: otherPath))
    }
    return overlaps
  }
}
