public import InsightsModel

/// Reads rows in ClickHouse's format `RowBinaryWithNamesAndTypes` from a reply.
///
/// It belongs to one thread. Texts are the stored bytes, including NUL and invalid UTF-8.
public final class RowBinaryReader {
  /// A value.
  public enum Value: Equatable, Sendable {
    case null
    /// Also booleans and times: epoch milliseconds, days or seconds depending on the type.
    case integer(Int64)
    /// An integer beyond `Int64`.
    case unsigned(UInt64)
    case real(Double)
    /// A text: the range of its bytes in `buffer`, valid until the next value is read.
    case text(Range<Int>)
  }

  /// The encoding of a column's values.
  indirect enum Layout: Equatable, Sendable {
    case integer(byteCount: Int, isSigned: Bool)
    case float, double, string
    case fixedString(Int)
    case nullable(Layout)

    /// `nil` for an unsupported type.
    init?(_ type: Substring) {
      func inner(_ name: String) -> Substring? {
        guard type.hasPrefix(name + "("), type.hasSuffix(")") else { return nil }
        return type.dropFirst(name.utf8.count + 1).dropLast()
      }
      if let type = inner("Nullable") {
        guard let layout = Layout(type) else { return nil }
        self = .nullable(layout)
      } else if let type = inner("LowCardinality") {
        guard let layout = Layout(type) else { return nil }
        self = layout
      } else if let count = inner("FixedString").flatMap({ Int($0) }) {
        self = .fixedString(count)
      } else if inner("DateTime64") != nil {
        self = .integer(byteCount: 8, isSigned: true)
      } else if inner("DateTime") != nil {
        self = .integer(byteCount: 4, isSigned: false)
      } else if let known = Self.simple[String(type)] {
        self = known
      } else {
        return nil
      }
    }

    private static let simple: [String: Layout] = [
      "String": .string, "Float64": .double, "Float32": .float,
      "Bool": .integer(byteCount: 1, isSigned: false),
      "DateTime": .integer(byteCount: 4, isSigned: false),
      "Date": .integer(byteCount: 2, isSigned: false),
      "Date32": .integer(byteCount: 4, isSigned: true),
      "Int8": .integer(byteCount: 1, isSigned: true),
      "Int16": .integer(byteCount: 2, isSigned: true),
      "Int32": .integer(byteCount: 4, isSigned: true),
      "Int64": .integer(byteCount: 8, isSigned: true),
      "UInt8": .integer(byteCount: 1, isSigned: false),
      "UInt16": .integer(byteCount: 2, isSigned: false),
      "UInt32": .integer(byteCount: 4, isSigned: false),
      "UInt64": .integer(byteCount: 8, isSigned: false),
    ]
  }

  private let next: () throws(StoreError) -> [UInt8]?
  /// The received bytes that have not been discarded yet.
  public private(set) var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  /// The names of the columns.
  public private(set) var names: [String] = []
  private var layouts: [Layout] = []

  /// Reads the names and types of the columns from a reply.
  ///
  /// - Throws: `StoreError.remote` for an unsupported type and a truncated reply, and errors of the
  ///   reply.
  public convenience init(_ answer: ClickHouseAnswer) throws(StoreError) {
    try self.init { () throws(StoreError) in try answer.next() }
  }

  /// Reads from chunks, `nil` at the end.
  public init(_ next: @escaping () throws(StoreError) -> [UInt8]?) throws(StoreError) {
    self.next = next
    // A statement without rows and columns has an empty reply.
    guard try has(1) else { return }
    let count = try readCount()
    for _ in 0..<count { names.append(try readName()) }
    for _ in 0..<count {
      let type = try readName()
      guard let layout = Layout(type[...]) else {
        throw .remote(
          RemoteFailure(.unexpected, "the ClickHouse server gives values of the type '\(type)'"))
      }
      layouts.append(layout)
    }
  }

  /// Whether there is another row.
  public func hasRow() throws(StoreError) -> Bool { layouts.isEmpty ? false : try has(1) }

  /// Reads the next value, which is that of the column with this number; the values of a row must
  /// be read in order.
  public func value(ofColumn column: Int) throws(StoreError) -> Value {
    try value(layouts[column])
  }

  private func value(_ layout: Layout) throws(StoreError) -> Value {
    switch layout {
    case .nullable(let layout):
      try need(1)
      position += 1
      return buffer[position - 1] == 0 ? try value(layout) : .null
    case .string: return try text(count: readCount())
    case .fixedString(let count): return try text(count: count)
    case .double: return .real(Double(bitPattern: try bits(8)))
    case .float: return .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try bits(4)))))
    case .integer(let count, let isSigned):
      let bits = try bits(count)
      guard isSigned else { return Int64(exactly: bits).map { .integer($0) } ?? .unsigned(bits) }
      let shift = 64 - 8 * count
      return .integer(Int64(bitPattern: bits << shift) >> shift)
    }
  }

  private func text(count: Int) throws(StoreError) -> Value {
    try need(count)
    defer { position += count }
    return .text(position..<position + count)
  }

  private func bits(_ count: Int) throws(StoreError) -> UInt64 {
    try need(count)
    var bits: UInt64 = 0
    for index in 0..<count { bits |= UInt64(buffer[position + index]) << (8 * index) }
    position += count
    return bits
  }

  private func readName() throws(StoreError) -> String {
    guard case .text(let range) = try text(count: readCount()) else { return "" }
    return String(decoding: buffer[range], as: UTF8.self)
  }

  private func readCount() throws(StoreError) -> Int {
    var count: UInt64 = 0
    var shift = 0
    while true {
      try need(1)
      let byte = buffer[position]
      position += 1
      count |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
      guard shift < 63 else { throw Self.damage }
    }
    // Values of a store are far smaller.
    guard count <= 1 << 31 else { throw Self.damage }
    return Int(count)
  }

  private func need(_ count: Int) throws(StoreError) {
    guard try has(count) else { throw Self.damage }
  }

  private func has(_ count: Int) throws(StoreError) -> Bool {
    while buffer.count - position < count {
      guard !isAtEnd, let chunk = try next() else {
        isAtEnd = true
        return false
      }
      if position == buffer.count {
        buffer = chunk
      } else {
        buffer.removeFirst(position)
        buffer += chunk
      }
      position = 0
    }
    return true
  }

  private static let damage = StoreError.remote(
    RemoteFailure(
      .incomplete, "the answer of the ClickHouse server is cut short or damaged",
      help: ["try again"]))
}
