internal import InsightsScan
internal import InsightsText

/// `ql_json_parse`, `ql_json_stringify`, `ql_split`, `ql_element`, `ql_single_value`,
/// `ql_array_size`, `ql_array_contains`: maps and lists.
///
/// Inside a statement a map or a list is a BLOB of valid JSON; in results it is that text.
enum StructureFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_json_parse", arguments: 1) { StructureFunctions.parse(SQLCall($0, $1, $2)) },
      SQLFunction("ql_json_stringify", arguments: 1) {
        StructureFunctions.stringify(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_split", arguments: 2) { StructureFunctions.split(SQLCall($0, $1, $2)) },
      SQLFunction("ql_element", arguments: -1) { StructureFunctions.element(SQLCall($0, $1, $2)) },
      SQLFunction("ql_single_value", arguments: 1) {
        StructureFunctions.singleValue(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_array_size", arguments: 1) { StructureFunctions.size(SQLCall($0, $1, $2)) },
      SQLFunction("ql_array_contains", arguments: 2) {
        StructureFunctions.contains(SQLCall($0, $1, $2))
      },
    ]
  }

  /// Converts text that is a JSON object or array as a whole to a structure; a structure is
  /// returned unchanged.
  private static func parse(_ call: SQLCall) {
    if call[0].isStructure { return call.setResult(call[0]) }
    guard !call.hasNull else { return }
    call[0].withText { text in
      guard let value = container(text) else { return }
      guard
        text.firstOffset(of: UInt8(ascii: "N")) != nil
          || text.firstOffset(of: UInt8(ascii: "I")) != nil
      else { return call.setResult(blob: UnsafeBufferPointer(rebasing: text[value.range])) }
      let workspace = call.workspace
      workspace.output.removeAll(keepingCapacity: true)
      JSONScanner.appendStrict(value, of: text, to: &workspace.output)
      call.setResult(blob: workspace.output)
    }
  }

  /// Returns the JSON text of a structure, without white space between its tokens.
  private static func stringify(_ call: SQLCall) {
    let workspace = call.workspace
    let json: Void? = call[0].withStructure { json in
      guard let value = container(json) else { return nil }
      workspace.output.removeAll(keepingCapacity: true)
      JSONScanner.appendCompact(value, of: json, to: &workspace.output)
      return ()
    }
    if json != nil { call.setResult(text: workspace.output) }
  }

  /// Returns the parts between the separators, as a list; an empty separator does not split.
  private static func split(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    workspace.output.append(UInt8(ascii: "["))
    call[0].withText { text in
      call[1].withText { separator in
        var start = 0
        while !separator.isEmpty, let end = text.firstOffset(of: separator, from: start) {
          JSONWriter.append(
            string: UnsafeBufferPointer(rebasing: text[start..<end]), to: &workspace.output)
          workspace.output.append(UInt8(ascii: ","))
          start = end + separator.count
        }
        JSONWriter.append(
          string: UnsafeBufferPointer(rebasing: text[start...]), to: &workspace.output)
      }
    }
    workspace.output.append(UInt8(ascii: "]"))
    call.setResult(blob: workspace.output)
  }

  /// Returns the part of a structure at the path of keys that follow it.
  private static func element(_ call: SQLCall) {
    _ = call[0].withStructure { json -> Void? in
      guard var value = container(json) else { return nil }
      for index in 1..<max(call.argumentCount, 1) {
        guard let next = call[index].withText({ JSONScanner.element($0, of: value, in: json) })
        else { return nil }
        value = next
      }
      call.setResult(value, of: json)
      return nil
    }
  }

  /// Returns the value itself; NULL for a structure.
  private static func singleValue(_ call: SQLCall) {
    if !call[0].isNull { call.setResult(call[0]) }
  }

  // MARK: Arrays

  /// Returns the number of elements of a list, or of text that is a JSON array.
  private static func size(_ call: SQLCall) {
    var count: Int64 = 0
    if forEachElement(of: call[0], { _, _ in count += 1 }) { call.setResult(count) }
  }

  /// Whether an element equals the given text or number.
  private static func contains(_ call: SQLCall) {
    guard !call[1].isNull else { return }
    let number = call[1].number
    var unescaped: [UInt8] = []
    var isFound = false
    let isArray = call[1].withText { wanted in
      forEachElement(of: call[0]) { value, json in
        let written = UnsafeBufferPointer(rebasing: json[value.range])
        switch value.kind {
        case .string:
          unescaped.removeAll(keepingCapacity: true)
          JSONScanner.appendUnescaped(value.range, of: json, to: &unescaped)
          if unescaped.elementsEqual(wanted) { isFound = true }
        case .number:
          if let number, NumericText.number(written)?.compare(with: number) == 0 { isFound = true }
        case .true, .false:
          let truth = NumericText.Number.integer(value.kind == .true ? 1 : 0)
          if written.elementsEqual(wanted) || number?.compare(with: truth) == 0 { isFound = true }
        case .null, .object, .array: break
        }
      }
    }
    if isArray { call.setResult(isFound) }
  }

  /// Calls `body` with each element; returns false if the value is not an array.
  private static func forEachElement(
    of value: SQLValue, _ body: (JSONScanner.Value, UnsafeBufferPointer<UInt8>) -> Void
  ) -> Bool {
    func visit(_ json: UnsafeBufferPointer<UInt8>) -> Bool {
      guard let array = container(json), array.kind == .array else { return false }
      var elements = JSONElements(of: json, arrayAt: array.range.lowerBound)
      while let element = elements.next() { body(element, json) }
      return true
    }
    return value.withStructure { visit($0) } ?? (!value.isNull && value.withText(visit))
  }

  /// Returns the object or array if the whole text is one.
  private static func container(_ text: UnsafeBufferPointer<UInt8>) -> JSONScanner.Value? {
    guard let first = text.first(where: { $0 > 0x20 }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
      let (value, end) = JSONScanner.value(in: text, at: 0),
      text[end...].allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
    else { return nil }
    return value
  }
}
