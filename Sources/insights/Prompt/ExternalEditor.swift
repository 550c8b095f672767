internal import Glibc
internal import InsightsEngine
internal import InsightsOutput

/// The user's editor, for multi-line queries.
enum ExternalEditor {
  /// Lets the user edit a text; `nil` on failure.
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
    // The file name needs no quotes; the variable may contain options.
    guard isWritten, system("\(editor ?? "vi") \(name)") == 0 else { return nil }
    return TextFile.read(name)
  }
}
