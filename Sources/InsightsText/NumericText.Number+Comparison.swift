extension NumericText.Number {
  package var real: Double {
    switch self {
    case .integer(let integer): Double(integer)
    case .real(let real): real
    }
  }

  package var isZero: Bool {
    switch self {
    case .integer(let integer): integer == 0
    case .real(let real): real == 0
    }
  }

  /// Returns -1, 0 or 1 if the number is less than, equal to or greater than `other`; exact for
  /// every pair.
  package func compare(with other: NumericText.Number) -> Int {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): left < right ? -1 : left > right ? 1 : 0
    case (.real(let left), .real(let right)): left < right ? -1 : left > right ? 1 : 0
    case (.integer(let left), .real(let right)): Self.compare(left, right)
    case (.real(let left), .integer(let right)): -Self.compare(right, left)
    }
  }

  private static func compare(_ left: Int64, _ right: Double) -> Int {
    let nearest = Double(left)
    if nearest != right { return nearest < right ? -1 : 1 }
    // Integers beyond 2^53 share a nearest Double: compare the rounding error. 2^63 is the only
    // nearest Double that is not an Int64.
    guard let exact = Int64(exactly: right) else { return -1 }
    return left < exact ? -1 : left > exact ? 1 : 0
  }
}
