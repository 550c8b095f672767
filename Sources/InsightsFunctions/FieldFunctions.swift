internal import InsightsScan
internal import InsightsText

/// `ql_field(message, offset, path)`: a discovered field of the JSON object at a byte offset; if
/// the offset is NULL, a field of a line with values in a fixed order.
enum FieldFunctions {
  static var all: [SQLFunction] {
    [SQLFunction("ql_field", arguments: 3) { FieldFunctions.field(SQLCall($0, $1, $2)) }]
  }

  /// Strings are text, `true` and `false` are 1 and 0; `null`, objects and arrays have no value.
  private static func field(_ call: SQLCall) {
    guard !call[0].isNull else { return }
    guard let offset = call[1].wholeNumber else { return delimitedField(call) }
    call[0].withText { message in
      guard offset >= 0, offset < message.count,
        let value = call[2].withText({
          JSONScanner.field($0, in: message, objectAt: Int(offset))
        })
      else { return }
      switch value.kind {
      case .object, .array: break
      default: call.setResult(value, of: message)
      }
    }
  }

  private static func delimitedField(_ call: SQLCall) {
    call[0].withText { line in
      guard let value = call[2].withText({ DelimitedFields.value(of: $0, in: line) }) else {
        return
      }
      let written = UnsafeBufferPointer(rebasing: line[value.range])
      if value.isNumber {
        call.setResult(numberWritten: written)
      } else {
        call.setResult(text: written)
      }
    }
  }
}
