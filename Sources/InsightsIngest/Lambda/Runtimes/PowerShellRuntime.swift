internal import InsightsStore
internal import InsightsText

/// Errors of PowerShell: `Exception: /var/task/handler.ps1:12`, with the source line and the
/// message below.
///
/// Older versions write `message`, `At /var/task/handler.ps1:12 char:5`, and the category.
enum PowerShellRuntime: LanguageRuntime {
  static let name = "powershell"
  static let sourceSuffixes = [".ps1", ".psm1"]
  static let marks: ErrorMarks = .lineEnd
  private static let olderPlace: StaticString = " char:"
  private static let category: StaticString = "CategoryInfo "
  private static let identifier: StaticString = "FullyQualifiedErrorId : "

  static let lines: [TracebackLine] = [
    TracebackLine("Line |", .body), TracebackLine("+ ", .body),
    TracebackLine(category, .body, isIndented: true),
    TracebackLine(identifier, .body, isIndented: true),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    (text.firstOffset(of: ".ps1:") ?? text.firstOffset(of: ".psm1:")) != nil
      && (text.firstOffset(of: "\nLine |") != nil || text.firstOffset(of: category) != nil)
  }

  static let lineFirstBytes = [UInt8(ascii: " ")]

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    if line[0] == 0x20 {
      // `  12 |      throw "bad order"`
      guard let bar = line.firstOffset(of: UInt8(ascii: "|")) else { return nil }
      return bar > 3 && line[..<bar].allSatisfy { $0 == 0x20 || $0 &- 48 < 10 } ? .body : nil
    }
    guard line[0].isLetter, line[line.count - 1] &- 48 < 10,
      let place = line.firstOffset(of: ".ps1:") ?? line.firstOffset(of: ".psm1:")
    else { return nil }
    let isOlder = line.holds("At ", at: 0) && line.firstOffset(of: olderPlace, from: place) != nil
    return isOlder || line.firstOffset(of: ": /").map { $0 < place } == true ? .head : nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.first else { return nil }
    if let at = lines.firstIndex(where: { $0.hasPrefix("At ") && $0.offset(of: olderPlace) != nil })
    {
      return olderError(text, lines, at: at)
    }
    guard let colon = first.range(of: ": "),
      let frame = RuntimeError.Frame(place: first[colon.upperBound...], of: sourceSuffixes)
    else { return nil }
    var error = RuntimeError(
      kind: .logged, language: PowerShellRuntime.self, type: String(first[..<colon.lowerBound]))
    // Errors that do not end a script have the same form; the end of the invocation decides.
    error.mayBeUnhandled = true
    error.frames = [frame]
    let told = lines.dropFirst().compactMap { line -> Substring? in
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("| ") else { return nil }
      let words = text.dropFirst(2).drop { $0 == " " }
      return words.first == "~" ? nil : words
    }
    error.message = told.joined(separator: "\n")
    error.traceback = text
    return error
  }

  private static func olderError(
    _ text: String, _ lines: [Substring], at: Int
  ) -> RuntimeError? {
    guard let joint = lines[at].range(of: olderPlace),
      let frame = RuntimeError.Frame(
        place: lines[at][..<joint.lowerBound].dropFirst(3), of: sourceSuffixes)
    else { return nil }
    var error = RuntimeError(kind: .logged, language: PowerShellRuntime.self)
    error.mayBeUnhandled = true
    error.frames = [frame]
    error.message = lines[..<at].joined(separator: "\n")
    for line in lines[at...] {
      if let start = line.range(of: category)?.upperBound,
        let type = line[start...].split(separator: " ").last
      {
        error.type = String(type)
      }
      if at == 0, let start = line.range(of: identifier)?.upperBound {
        error.message = String(line[start...])
      }
    }
    error.traceback = text
    return error
  }
}
