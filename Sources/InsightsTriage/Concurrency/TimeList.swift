internal import InsightsText

/// A list of times, four bytes each: the upper bits, shared by all within 49 days, are stored once.
struct TimeList {
  /// Offsets within spans of 2^32 milliseconds, by the number of the span.
  private var spans: [Int64: [UInt32]] = [:]
  /// The offsets of the current span, kept here while it grows.
  private var current: [UInt32] = []
  private var currentNumber: Int64 = 0

  mutating func add(_ moment: Int64) {
    let number = moment >> 32
    if number != currentNumber {
      endSpan()
      currentNumber = number
      current = spans.removeValue(forKey: number) ?? []
    }
    current.append(UInt32(truncatingIfNeeded: moment))
  }

  private mutating func endSpan() {
    guard !current.isEmpty else { return }
    spans[currentNumber] = current
    current = []
  }

  /// Moves the elements of `other` here.
  mutating func merge(_ other: inout TimeList) {
    // Each is nearly sorted, but their concatenation would not be.
    sort()
    other.sort()
    for (number, moments) in other.spans {
      spans[number] = spans[number].map { $0.mergedInOrder(with: moments) } ?? moments
    }
    other = TimeList()
  }

  mutating func sort() {
    endSpan()
    for number in spans.keys { spans[number]?.sortByRadix() }
  }

  /// Iterates over the times; they must be sorted.
  var cursor: Cursor { Cursor(spans.sorted { $0.key < $1.key }) }

  struct Cursor {
    private let spans: [(key: Int64, value: [UInt32])]
    private var span = 0
    private var index = 0
    /// The next time; `nil` at the end.
    private(set) var next: Int64?

    fileprivate init(_ spans: [(key: Int64, value: [UInt32])]) {
      self.spans = spans
      read()
    }

    mutating func advance() {
      index += 1
      read()
    }

    private mutating func read() {
      while span < spans.count, index >= spans[span].value.count {
        span += 1
        index = 0
      }
      guard span < spans.count else {
        next = nil
        return
      }
      next = spans[span].key << 32 | Int64(spans[span].value[index])
    }
  }
}
