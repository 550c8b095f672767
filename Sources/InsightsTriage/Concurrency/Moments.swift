internal import InsightsText

/// A list of times, four bytes each: the upper bits, shared by all within 49 days, are stored once.
struct Moments {
  /// Offsets within spans of 2^32 milliseconds, by the number of the span.
  private var stretches: [Int64: [UInt32]] = [:]
  /// The offsets of the current span, kept here while it grows.
  private var current: [UInt32] = []
  private var currentNumber: Int64 = 0

  mutating func add(_ moment: Int64) {
    let number = moment >> 32
    if number != currentNumber {
      put()
      currentNumber = number
      current = stretches.removeValue(forKey: number) ?? []
    }
    current.append(UInt32(truncatingIfNeeded: moment))
  }

  private mutating func put() {
    guard !current.isEmpty else { return }
    stretches[currentNumber] = current
    current = []
  }

  /// Moves the elements of `other` here.
  mutating func take(_ other: inout Moments) {
    // Each is nearly sorted, but their concatenation would not be.
    sort()
    other.sort()
    for (number, moments) in other.stretches {
      stretches[number] = stretches[number].map { $0.mergedInOrder(with: moments) } ?? moments
    }
    other = Moments()
  }

  mutating func sort() {
    put()
    for number in stretches.keys { stretches[number]?.sortByRadix() }
  }

  /// Iterates over the times; they must be sorted.
  var cursor: Cursor { Cursor(stretches.sorted { $0.key < $1.key }) }

  struct Cursor {
    private let stretches: [(key: Int64, value: [UInt32])]
    private var stretch = 0
    private var index = 0
    /// The next time; `nil` at the end.
    private(set) var next: Int64?

    fileprivate init(_ stretches: [(key: Int64, value: [UInt32])]) {
      self.stretches = stretches
      read()
    }

    mutating func advance() {
      index += 1
      read()
    }

    private mutating func read() {
      while stretch < stretches.count, index >= stretches[stretch].value.count {
        stretch += 1
        index = 0
      }
      guard stretch < stretches.count else {
        next = nil
        return
      }
      next = stretches[stretch].key << 32 | Int64(stretches[stretch].value[index])
    }
  }
}
