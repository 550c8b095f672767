internal import Glibc
internal import InsightsEngine
internal import InsightsOutput

/// The user's own editor, for queries of many lines.
enum ExternalEditor {
  /// Lets the user edit a text; `nil` when that failed.
  static func edit(_ text: String) -> String? {
    var path = Array("/tmp/insights-XXXXXX.insights".utf8CString)
    let descriptor = mkstemps(&path, Int32(".insights".utf8.count))
    guard descriptor >= 0 else { return nil }
    let name = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? ""
    defer { unlink(name) }
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    buffer.append(text.hasSuffix("\n") ? text : text + "\n")
    let isWritten = (try? buffer.flush()) != nil
    close(descriptor)
    let editor = ["VISUAL", "EDITOR"].lazy.compactMap(Terminal.environmentVariable)
      .first { !$0.isEmpty }
    // The name is ours and needs no quotes; the variable may hold options.
    guard isWritten, system("\(editor ?? "vi") \(name)") == 0 else { return nil }
    return TextFile.read(name)
  }
}
