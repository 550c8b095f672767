/// The fields of lines with values in a fixed order, separated by single spaces: VPC flow logs of
/// version 2 and query logs of Route 53 hosted zones.
///
/// Such lines are recognised by their shape alone; `-` means no value.
public enum DelimitedFields {
  /// A value and its byte range in the line.
  public struct Value: Equatable, Sendable {
    /// The bytes of the value in the line.
    public var range: Range<Int>
    /// Whether the layout declares the value a number, rather than text that may look like one.
    public var isNumber: Bool
  }

  /// A field of a layout: its name, and the form of its value.
  private struct Field: Sendable {
    enum Shape: Sendable {
      case number, address, text
      /// Exactly one of these words.
      case word([StaticString])
      /// Text with this prefix.
      case prefixed(StaticString)
    }

    let name: StaticString
    let shape: Shape
    /// Whether the value may be missing.
    var isOptional = false

    var nameBytes: UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }
  }

  private static let flowLog: [Field] = [
    Field(name: "version", shape: .word(["2"])),
    Field(name: "accountId", shape: .text), Field(name: "interfaceId", shape: .prefixed("eni-")),
    Field(name: "srcAddr", shape: .address, isOptional: true),
    Field(name: "dstAddr", shape: .address, isOptional: true),
    Field(name: "srcPort", shape: .number, isOptional: true),
    Field(name: "dstPort", shape: .number, isOptional: true),
    Field(name: "protocol", shape: .number, isOptional: true),
    Field(name: "packets", shape: .number, isOptional: true),
    Field(name: "bytes", shape: .number, isOptional: true),
    Field(name: "startTime", shape: .number), Field(name: "endTime", shape: .number),
    Field(name: "action", shape: .word(["ACCEPT", "REJECT"]), isOptional: true),
    Field(name: "logStatus", shape: .word(["OK", "NODATA", "SKIPDATA"])),
  ]

  private static let queryLog: [Field] = [
    Field(name: "version", shape: .word(["1.0"])),
    Field(name: "queryTimestamp", shape: .text),
    Field(name: "hostZoneId", shape: .prefixed("Z")),
    Field(name: "queryName", shape: .text), Field(name: "queryType", shape: .text),
    Field(name: "responseCode", shape: .text),
    Field(name: "protocol", shape: .word(["TCP", "UDP"])),
    Field(name: "edgeLocation", shape: .text), Field(name: "resolverIp", shape: .address),
    Field(name: "ednsClientSubnet", shape: .text, isOptional: true),
  ]

  /// The names of all fields of these layouts.
  public static let names = Set(
    (flowLog + queryLog).map { String(decoding: $0.nameBytes, as: UTF8.self) })

  /// Returns the value of a field; `nil` if the line lacks the field or has none of these layouts.
  public static func value(
    of name: UnsafeBufferPointer<UInt8>, in line: UnsafeBufferPointer<UInt8>
  ) -> Value? {
    guard let layout = candidateLayout(of: line),
      let index = layout.firstIndex(where: { $0.nameBytes.elementsEqual(name) }),
      let values = values(in: line, layout)
    else { return nil }
    return values[index]
  }

  /// Calls `body` with the fields of a line; has no effect if the line has none of the layouts.
  public static func forEachValue(
    in line: UnsafeBufferPointer<UInt8>,
    _ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: Value) -> Void
  ) {
    guard let layout = candidateLayout(of: line), let values = values(in: line, layout) else {
      return
    }
    for (field, value) in zip(layout, values) {
      if let value { body(field.nameBytes, value) }
    }
  }

  /// Whether a line has one of the layouts.
  public static func occur(in line: UnsafeBufferPointer<UInt8>) -> Bool {
    candidateLayout(of: line).map { values(in: line, $0) != nil } ?? false
  }

  /// Returns the layout that the first bytes of a line allow; rejects most other lines quickly.
  private static func candidateLayout(of line: UnsafeBufferPointer<UInt8>) -> [Field]? {
    if line.holds("2 ", at: 0) { return flowLog }
    return line.holds("1.0 ", at: 0) ? queryLog : nil
  }

  /// Returns the values in order, `nil` for missing ones; `nil` if the line does not have the
  /// layout.
  private static func values(
    in line: UnsafeBufferPointer<UInt8>, _ layout: [Field]
  ) -> [Value?]? {
    var end = line.count
    while end > 0, line[end - 1] <= 0x20 { end -= 1 }
    var values: [Value?] = []
    values.reserveCapacity(layout.count)
    var start = 0
    for (index, field) in layout.enumerated() {
      let isLast = index == layout.count - 1
      let space = line.firstOffset(of: UInt8(ascii: " "), from: start, to: end)
      guard isLast ? space == nil : space != nil else { return nil }
      let range = start..<(space ?? end)
      let text = UnsafeBufferPointer(rebasing: line[range])
      if text.count == 1, text[0] == UInt8(ascii: "-") {
        guard field.isOptional else { return nil }
        values.append(nil)
      } else {
        guard isValid(text, field.shape) else { return nil }
        values.append(Value(range: range, isNumber: isNumber(field)))
      }
      start = range.upperBound + 1
    }
    return values
  }

  private static func isNumber(_ field: Field) -> Bool {
    if case .number = field.shape { true } else { false }
  }

  private static func isValid(_ text: UnsafeBufferPointer<UInt8>, _ shape: Field.Shape) -> Bool {
    switch shape {
    case .number: !text.isEmpty && text.allSatisfy { $0.decimalDigit < 10 }
    case .address:
      !text.isEmpty
        && text.allSatisfy {
          $0.hexDigitValue != nil || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":")
        }
    case .text: !text.isEmpty
    case .word(let words):
      words.contains { text.count == $0.utf8CodeUnitCount && text.holds($0, at: 0) }
    case .prefixed(let prefix): text.holds(prefix, at: 0)
    }
  }
}
