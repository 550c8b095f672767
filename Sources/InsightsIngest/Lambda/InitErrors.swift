public import InsightsStore

/// Unhandled errors outside of any invocation, until it is known whether their init was that of a
/// request.
///
/// There may be any number of them, as no START has to follow. So their rows leave the assembler
/// like others, and only their ids are kept.
struct InitErrors {
  /// The indexes of the rows that are still in the assembler; ascending.
  private(set) var rows: [Int] = []
  /// The ids of the rows that have left; ascending.
  private(set) var rowsThatLeft: [Range<Int64>] = []
  /// The type of the first error that has one.
  private(set) var type: String?

  var isEmpty: Bool { rows.isEmpty && rowsThatLeft.isEmpty }

  mutating func append(_ row: Int, type: String?) {
    rows.append(row)
    self.type = self.type ?? type
  }

  /// Records that the rows in `left` have left the assembler; the first of them has the id `firstID`.
  mutating func leave(_ left: Range<Int>, firstID: Int64) {
    let count = rows.prefix { $0 < left.upperBound }.count
    for row in rows.prefix(count) {
      let id = firstID + Int64(row - left.lowerBound)
      if let last = rowsThatLeft.last, last.upperBound == id {
        rowsThatLeft[rowsThatLeft.count - 1] = last.lowerBound..<id + 1
      } else {
        rowsThatLeft.append(id..<id + 1)
      }
    }
    rows.removeFirst(count)
  }
}

/// The request of consecutive errors whose rows left before it was known.
public struct LateRequest: Equatable, Sendable {
  /// The request.
  public var requestID: RequestID
  /// The ids of the rows.
  public var errorIDs: Range<Int64>
}
