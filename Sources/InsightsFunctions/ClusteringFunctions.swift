internal import InsightsScan
internal import CSQLite
internal import InsightsText

/// `ql_patterns(text, timestamp, is current, is compared)`: the patterns of a group's texts, as a
/// JSON array of objects.
///
/// Missing text is skipped, and so is text that belongs neither to the current nor to the compared
/// period. The timestamp is in milliseconds, or NULL. The memory counts as that of groups;
/// `PatternClustering` bounds it, so only several of them can reach the limit.
enum ClusteringFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_patterns", arguments: 4,
        step: { ClusteringFunctions.add(SQLCall($0, $1, $2)) },
        final: { ClusteringFunctions.patterns(SQLCall($0, 0, nil)) })
    ]
  }

  private struct Group: BitwiseCopyable {
    var clustering: Unmanaged<PatternClustering>?
  }

  private static func add(_ call: SQLCall) {
    let isCurrent = call[2].wholeNumber == 1
    let isCompared = call[3].wholeNumber == 1
    guard !call[0].isNull, isCurrent || isCompared, let group = call.group(Group.self) else {
      return
    }
    let clustering = group.pointee.clustering ?? Unmanaged.passRetained(PatternClustering())
    group.pointee.clustering = clustering
    let timestamp = call[1].wholeNumber
    let patterns = clustering.takeUnretainedValue()
    let byteCount = patterns.keptByteCount
    call[0].withText {
      patterns.add($0, timestamp: timestamp, isCurrent: isCurrent, isCompared: isCompared)
    }
    if patterns.keptByteCount != byteCount {
      call.changeGroupMemory(by: patterns.keptByteCount - byteCount)
    }
  }

  private static func patterns(_ call: SQLCall) {
    guard let group = call.group(Group.self, isEnd: true),
      let clustering = group.pointee.clustering?.takeRetainedValue()
    else { return }
    group.pointee.clustering = nil
    let isInVain = call.groupsHoldTooMuch
    call.changeGroupMemory(by: -clustering.keptByteCount)
    guard !isInVain else { return }
    call.setResult(intermediateText: clustering.json())
  }
}
