internal import InsightsStore
internal import InsightsText

/// The exception that a logger wrote into a JSON line: as an object, as the text of a stack under
/// any key, or both.
struct LoggedException {
  private let record: LoggedObject

  init(_ record: LoggedObject) {
    self.record = record
  }

  var error: RuntimeError? {
    let traced = traced
    guard var error = structured(hasStack: traced != nil) else {
      guard var error = traced else { return nil }
      error.message =
        error.message ?? rootText(ExceptionKeys.rootMessages) ?? containedMessage
        ?? record.text("message") ?? record.text("msg")
      error.type = rootText(ExceptionKeys.rootTypes) ?? error.type
      return error
    }
    error.message = error.message ?? traced?.message ?? containedMessage
    guard let traced else { return error }
    error.type = error.type ?? traced.type
    error.message = error.message ?? traced.message
    if error.frames.isEmpty || traced.frames.count >= error.frames.count {
      error.frames = traced.frames
      error.language = traced.language
    }
    error.traceback = traced.traceback
    return error
  }

  private func rootText(_ names: [String]) -> String? {
    names.lazy.compactMap { record.text($0) }.first
  }

  /// The error message in the container object of the line, or its general message.
  private var containedMessage: String? {
    for names in [ExceptionKeys.rootMessages, ExceptionKeys.messages] {
      for member in record.members where member.path.count == 2 {
        if ExceptionKeys.containers.contains(member.path[0]), names.contains(member.path[1]),
          let text = record.text(member.value)
        {
          return text
        }
      }
    }
    return nil
  }

  // MARK: Texts

  /// The error of the first text that contains a stack, or of the first list of frames at the top
  /// level.
  private var traced: RuntimeError? {
    for member in record.members {
      if member.value.kind == .array, member.path.count == 1 {
        let stack = JSONStack(member.value, in: record.bytes)
        if var error = framesAlone(stack, member.path) {
          // The lines of a complete traceback contain the exception as well.
          let whole = stack.text.flatMap { text in
            Array(text.utf8).withUnsafeBufferPointer {
              RuntimeErrors.parseText(EventMessage(bytes: $0))
            }
          }
          error.type = whole?.type
          error.message = whole?.message
          return error
        }
      }
      guard member.value.kind == .string else { continue }
      let bytes = UnsafeBufferPointer(rebasing: record.bytes[member.value.range])
      guard bytes.firstOffset(of: "\\n") != nil else { continue }
      let text = Array(JSONText.string(member.value, in: record.bytes).utf8)
      let found = text.withUnsafeBufferPointer { text -> RuntimeError? in
        if let error = RuntimeErrors.parseText(EventMessage(bytes: text)) { return error }
        let lines = String(decoding: text, as: UTF8.self).textLines.map(String.init)
        return framesAlone(JSONStack(lines: lines), member.path)
      }
      guard var error = found else { continue }
      // Java's runtime writes an unhandled exception as the message of a line.
      if member.path != ["message"] { error.kind = .logged }
      return error
    }
    return nil
  }

  /// A stack without the exception line, under a key of stacks.
  private func framesAlone(_ stack: JSONStack, _ path: [String]) -> RuntimeError? {
    guard let name = path.last, ExceptionKeys.stacks.contains(name), !stack.frames.isEmpty else {
      return nil
    }
    var error = RuntimeError(kind: .logged, language: stack.language)
    error.frames = stack.frames
    error.traceback = stack.text
    return error
  }

  // MARK: Objects

  /// The contents of the members of one object.
  private struct Parts {
    var path: [String]
    var values: [String: JSONScanner.Value] = [:]
  }

  /// Returns the first object that is an exception.
  private func structured(hasStack: Bool) -> RuntimeError? {
    var objects: [Parts] = []
    for member in record.members where member.path.count > 1 {
      var path = Array(member.path.dropLast())
      if path.count > 1, ExceptionKeys.lists.contains(path[path.count - 1]) { path.removeLast() }
      let name = member.path[member.path.count - 1]
      if let index = objects.firstIndex(where: { $0.path == path }) {
        // Of a list of exceptions the first is the one that was raised.
        if objects[index].values[name] == nil { objects[index].values[name] = member.value }
      } else {
        objects.append(Parts(path: path, values: [name: member.value]))
      }
    }
    for object in objects {
      if let error = exception(object, hasStack: hasStack) { return error }
    }
    return classAndMessage
  }

  /// An exception as a list of its class and its message.
  private var classAndMessage: RuntimeError? {
    for member in record.members where member.path.count == 1 && member.value.kind == .array {
      guard ExceptionKeys.holders.contains(member.path[0]) else { continue }
      let texts = JSONText.strings(in: record.bytes, arrayAt: member.value.range.lowerBound)
      guard texts.count == 2, texts[0][...].isExceptionName else { continue }
      return RuntimeError(kind: .logged, type: texts[0], message: texts[1])
    }
    return nil
  }

  private func exception(_ object: Parts, hasStack: Bool) -> RuntimeError? {
    func text(_ names: [String]) -> String? {
      names.lazy.compactMap { object.values[$0] }.compactMap { record.text($0) }.first
    }
    var stack = JSONStack()
    for (name, value) in object.values.sorted(by: { $0.key < $1.key })
    where ExceptionKeys.stacks.contains(name) {
      let read = JSONStack(value, in: record.bytes)
      if !read.frames.isEmpty { stack = read }
    }
    if stack.frames.isEmpty, let place = text(ExceptionKeys.places) {
      stack = JSONStack(place: place, line: text(["line"]))
    }
    // Elsewhere in a line, an object with that name is another service's response.
    let isOfLine = object.path.dropLast().allSatisfy { ExceptionKeys.containers.contains($0) }
    guard isOfLine || !stack.frames.isEmpty else { return nil }
    // Under any other key it must have all parts of an exception.
    let isNamed = object.path.last.map(ExceptionKeys.holders.contains) == true
    guard isNamed || !stack.frames.isEmpty && text(ExceptionKeys.messages) != nil else {
      return nil
    }
    let hasFrames = hasStack || !stack.frames.isEmpty
    let code = [ExceptionKeys.code]
    let type = text(
      hasFrames ? ExceptionKeys.types + code : code + ["name"] + ExceptionKeys.types)
    // Errors of Go have no class.
    guard type != nil || (isNamed && !stack.frames.isEmpty) else { return nil }
    var error = RuntimeError(
      kind: .logged, language: stack.language, type: type, message: text(ExceptionKeys.messages))
    error.frames = stack.frames
    error.traceback = stack.text
    return error
  }
}
