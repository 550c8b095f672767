internal import InsightsText

/// `ql_field(message, offset, path)`: a discovered field of the JSON object at a byte offset.
enum FieldFunctions {
  static var all: [SQLFunction] {
    [SQLFunction("ql_field", arguments: 3) { FieldFunctions.field(SQLCall($0, $1, $2)) }]
  }

  /// Strings are text, `true` and `false` are 1 and 0; `null`, objects and arrays have no value.
  private static func field(_ call: SQLCall) {
    guard !call.hasNull, let offset = call[1].wholeNumber else { return }
    call[0].withText { message in
      guard offset >= 0, offset < message.count,
        let value = call[2].withText({
          JSONScanner.field($0, in: message, objectAt: Int(offset))
        })
      else { return }
      switch value.kind {
      case .string: string(value.range, of: message, call)
      case .number: number(UnsafeBufferPointer(rebasing: message[value.range]), call)
      case .true: call.give(true)
      case .false: call.give(false)
      case .null, .object, .array: break
      }
    }
  }

  private static func string(
    _ range: Range<Int>, of message: UnsafeBufferPointer<UInt8>, _ call: SQLCall
  ) {
    let text = UnsafeBufferPointer(rebasing: message[range])
    guard text.firstOffset(of: UInt8(ascii: "\\")) != nil else {
      call.give(text: text)
      return
    }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    JSONScanner.appendUnescaped(range, of: message, to: &workspace.output)
    call.give(text: workspace.output)
  }

  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ call: SQLCall) {
    switch NumericText.number(text) {
    case .integer(let integer): call.give(integer)
    case .real(let real): call.give(real)
    // Too great for a Double: kept as it was written.
    case nil: call.give(text: text)
    }
  }
}
