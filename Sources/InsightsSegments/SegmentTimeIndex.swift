/// Finds the segments that may contain an event with a given time.
package struct SegmentTimeIndex {
  /// Indexes in the list of directories, sorted by the segments' first times.
  private var places: [Int] = []
  private var starts: [Int64] = []
  /// The latest time of this and all previous segments.
  private var latestEnds: [Int64] = []
  private var ends: [Int64] = []
  /// The number of directories that were indexed, including those without times.
  package private(set) var count = 0

  package init() {}

  package init(_ directories: [SegmentDirectory]) {
    count = directories.count
    places = directories.indices.filter { directories[$0].timestamps != nil }
    func times(_ place: Int) -> ClosedRange<Int64> { directories[place].timestamps ?? 0...0 }
    places.sort { times($0).lowerBound < times($1).lowerBound }
    var latest = Int64.min
    for place in places {
      starts.append(times(place).lowerBound)
      ends.append(times(place).upperBound)
      latest = max(latest, times(place).upperBound)
      latestEnds.append(latest)
    }
  }

  /// Returns the indexes, in the list of directories, of the segments whose time range includes
  /// this time.
  package func segments(at timestamp: Int64) -> [Int] {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= timestamp { low = middle + 1 } else { high = middle }
    }
    var found: [Int] = []
    var place = low - 1
    while place >= 0, latestEnds[place] >= timestamp {
      if ends[place] >= timestamp { found.append(places[place]) }
      place -= 1
    }
    return found
  }
}
