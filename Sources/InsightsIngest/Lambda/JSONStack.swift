internal import InsightsText

/// A stack in JSON: a text, a list of lines, or a list of objects; frames innermost first.
struct JSONStack {
  private(set) var frames: [RuntimeError.Frame] = []
  private(set) var language: (any LanguageRuntime.Type)?
  /// The text, if it is one.
  private(set) var text: String?

  init() {}

  init(_ key: StaticString, in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int) {
    self.init()
    guard let value = JSONScanner.member(key, in: bytes, objectAt: start) else { return }
    self = JSONStack(value, in: bytes)
  }

  init(_ value: JSONScanner.Value, in bytes: UnsafeBufferPointer<UInt8>) {
    self.init()
    switch value.kind {
    case .string:
      self = JSONStack(lines: JSONText.string(value, in: bytes).textLines.map(String.init))
    case .array:
      let lines = JSONText.strings(in: bytes, arrayAt: value.range.lowerBound)
      self = JSONStack(lines: lines)
      if lines.isEmpty { readObjects(in: bytes, arrayAt: value.range.lowerBound) }
    case .object: self = JSONStack("frames", in: bytes, objectAt: value.range.lowerBound)
    case .number, .true, .false, .null: break
    }
  }

  /// Parses the frames of lines, in whichever language's layout.
  init(lines: [String]) {
    if !lines.isEmpty { text = lines.joined(separator: "\n") }
    for runtime in Runtimes.all {
      frames = runtime.frames(in: lines)
      guard frames.isEmpty else {
        language = runtime
        return
      }
    }
  }

  /// Parses a frame from `file:line`, or from a file and a separate line number.
  init(place: String, line: String?) {
    var frame = RuntimeError.Frame(file: place, line: line.flatMap { Int64($0) })
    if frame.line == nil, let colon = place.lastIndex(of: ":") {
      frame.line = Int64(place[place.index(after: colon)...])
      if frame.line != nil { frame.file = String(place[..<colon]) }
    }
    guard frame.line != nil else { return }
    frames = [frame]
    language = Self.language(ofFile: frame.file)
  }

  // MARK: Objects

  private static let files: [StaticString] = [
    "path", "abs_path", "fullFilePath", "filePath", "file", "fileName", "filename", "FileName",
    "source",
  ]
  private static let lines: [StaticString] = [
    "line", "lineno", "lineNumber", "LineNumber", "fileLine",
  ]
  private static let functions: [StaticString] = [
    "label", "function", "func", "method", "methodName", "MethodName", "name",
  ]
  private static let classes: [StaticString] = ["class", "className"]

  private mutating func readObjects(in bytes: UnsafeBufferPointer<UInt8>, arrayAt start: Int) {
    var elements = JSONElements(of: bytes, arrayAt: start)
    while let element = elements.next() {
      guard element.kind == .object else { continue }
      func text(_ names: [StaticString]) -> String? {
        names.lazy.compactMap {
          JSONText.member($0, in: bytes, objectAt: element.range.lowerBound)
        }.first
      }
      var frame = RuntimeError.Frame(
        file: text(Self.files), line: text(Self.lines).flatMap { Int64($0) },
        function: text(Self.functions))
      if frame.line == nil, let place = frame.file,
        let own = JSONStack(place: place, line: nil).frames.first
      {
        frame.file = own.file
        frame.line = own.line
      }
      // The file may be followed by the line and the column as well.
      if let file = frame.file, let line = frame.line, let place = file.firstRange(of: ":\(line):")
      {
        frame.column = Int64(file[place.upperBound...])
        frame.file = String(file[..<place.lowerBound])
      }
      if let owner = text(Self.classes), let function = frame.function {
        frame.function = "\(owner).\(function)"
      }
      if frame.file != nil || frame.function != nil { frames.append(frame) }
    }
    language =
      frames.lazy.compactMap { Self.language(ofFile: $0.file) }.first
      // Java loggers may omit the files.
      ?? (frames.contains { $0.file == nil && $0.line != nil && $0.function?.contains(".") == true }
        ? JavaRuntime.self : nil)
    if language?.putsInnermostLast == true { frames.reverse() }
  }

  private static func language(ofFile file: String?) -> (any LanguageRuntime.Type)? {
    guard let file else { return nil }
    return Runtimes.all.first { $0.sourceSuffixes.contains { file.hasSuffix($0) } }
  }
}
