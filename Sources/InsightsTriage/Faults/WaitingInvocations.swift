internal import InsightsModel

/// Finds the invocation that a gateway request waited for until the gateway gave up.
///
/// The gateway never got a reply, so its log does not contain Lambda's request id. The invocation
/// belongs to the function in the gateway's log, or to one whose name its logs do not contain. Its
/// sandbox began when the gateway called, and it was still running when the gateway gave up.
struct WaitingInvocations {
  /// The maximum difference of the two logs' clocks in milliseconds.
  private static let clockSlack: Int64 = 100
  /// The maximum time between the gateway's call and an invocation of the named function, in
  /// milliseconds: a failed init may have been repeated, which REPORT does not show.
  private static let namedDelay: Int64 = 20_000
  /// The same if only time and duration identify the invocation.
  private static let unnamedDelay: Int64 = 1000

  /// Invocations of one function, or of those whose function is uncertain.
  struct Queue {
    var faults: [Int] = []
    /// The starts, sorted; with a cold start, the start of the cold start.
    var begins: [Int64] = []
    /// The ends as a tree in which each node contains the maximum of its subtree; removed ones have
    /// none.
    ///
    /// The children of node n are 2n and 2n + 1, the leaves come last.
    var ends: [Int64] = []
    /// A power of two.
    var leafCount = 1
  }

  private var queues: [Int32: Queue] = [:]
  /// The number in `queues` of invocations whose function is uncertain.
  private static let uncertain: Int32 = -1

  init(of assembler: FaultAssembler) {
    guard assembler.gateways.contains(where: \.hasTimedOut) else { return }
    var members: [Int32: [(begin: Int64, fault: Int, end: Int64)]] = [:]
    for (index, fault) in assembler.faults.enumerated() where fault.suspect >= 0 {
      let invocation = assembler.suspects[Int(fault.suspect)]
      guard invocation.start != FaultRecord.unknownTime,
        invocation.lastMoment != FaultRecord.unknownTime
      else { continue }
      let number = invocation.origin.isCertain ? invocation.origin.function : Self.uncertain
      // Init and restore take seconds; larger values would overflow.
      let coldStart = Int64(min(invocation.coldStart, 900_000).rounded(.up))
      members[number, default: []].append(
        (invocation.start - coldStart, index, invocation.lastMoment))
    }
    for (number, members) in members {
      queues[number] = Queue(members.sorted { ($0.begin, $0.fault) < ($1.begin, $1.fault) })
    }
  }

  /// Removes and returns the fault of the invocation, so that no other request gets it.
  mutating func take(for request: GatewayRecord) -> Int? {
    guard request.hasTimedOut, !request.lambdaRequest.isKnown,
      request.sent != FaultRecord.unknownTime, request.last != FaultRecord.unknownTime
    else { return nil }
    let earliest = request.sent - Self.clockSlack
    let end = request.last - Self.clockSlack
    if request.function >= 0,
      let fault = queues[request.function]?.takeFirst(
        from: earliest, to: min(request.last, request.sent + Self.namedDelay), endingFrom: end)
    {
      return fault
    }
    // If the gateway's log names no function, any may match; of equal candidates the earliest fault
    // is used.
    let numbers = request.function >= 0 ? [Self.uncertain] : Array(queues.keys)
    var best: (queue: Int32, index: Int, distance: Int64, fault: Int)?
    for number in numbers {
      let found = queues[number]?.closest(
        to: request.sent, from: earliest, to: request.sent + Self.unnamedDelay, endingFrom: end)
      guard let found, let fault = queues[number]?.faults[found.index] else { continue }
      if let best, (best.distance, best.fault) <= (found.distance, fault) { continue }
      best = (number, found.index, found.distance, fault)
    }
    return best.flatMap { queues[$0.queue]?.take($0.index) }
  }
}

extension WaitingInvocations.Queue {
  /// `members` are sorted.
  fileprivate init(_ members: [(begin: Int64, fault: Int, end: Int64)]) {
    faults = members.map(\.fault)
    begins = members.map(\.begin)
    while leafCount < members.count { leafCount *= 2 }
    ends = [Int64](repeating: .min, count: 2 * leafCount)
    for (index, member) in members.enumerated() { ends[leafCount + index] = member.end }
    for node in stride(from: leafCount - 1, to: 0, by: -1) {
      ends[node] = max(ends[2 * node], ends[2 * node + 1])
    }
  }

  /// Removes the first one that begins from `earliest` to `latest` and ends at `end` or later.
  fileprivate mutating func takeFirst(
    from earliest: Int64, to latest: Int64, endingFrom end: Int64
  ) -> Int? {
    let start = begins.indices.partitioningIndex { begins[$0] >= earliest }
    guard let index = next(from: start, endingFrom: end), begins[index] <= latest else {
      return nil
    }
    return take(index)
  }

  /// Returns the one that begins closest to a time, from `earliest` to `latest`, and ends at `end`
  /// or later.
  fileprivate func closest(
    to time: Int64, from earliest: Int64, to latest: Int64, endingFrom end: Int64
  ) -> (index: Int, distance: Int64)? {
    var best: (index: Int, distance: Int64)?
    var index = begins.indices.partitioningIndex { begins[$0] >= earliest }
    while let found = next(from: index, endingFrom: end), begins[found] <= latest {
      let distance = begins[found] - time
      if distance.magnitude < best?.distance.magnitude ?? .max {
        best = (found, Int64(distance.magnitude))
      } else if distance > 0 {
        break
      }
      index = found + 1
    }
    return best
  }

  /// Returns the first one at `index` or later that ends at `end` or later.
  private func next(from index: Int, endingFrom end: Int64) -> Int? {
    guard index < faults.count else { return nil }
    var node = leafCount + index
    while ends[node] < end {
      // Up from right children, then to the right neighbour.
      while node & 1 == 1 {
        node >>= 1
        if node == 0 { return nil }
      }
      node += 1
    }
    while node < leafCount {
      node *= 2
      if ends[node] < end { node += 1 }
    }
    return node - leafCount
  }

  /// Removes one and returns its fault.
  fileprivate mutating func take(_ index: Int) -> Int {
    var node = leafCount + index
    ends[node] = .min
    while node > 1 {
      node >>= 1
      ends[node] = max(ends[2 * node], ends[2 * node + 1])
    }
    return faults[index]
  }
}
