internal import Glibc
internal import InsightsOutput

/// Opens the console in the user's browser.
///
/// The link has the token, and other users see what stands on a command line: so the browser is given a
/// file that only its owner may read, and that leads to the link.
final class ConsoleBrowser: Sendable {
  private let path: String

  /// Opens a link; `nil` where the file cannot be written.
  init?(opening link: String) {
    var template = Array("/tmp/insights-console-XXXXXX.html".utf8CString)
    let descriptor = mkstemps(&template, Int32(".html".utf8.count))
    guard descriptor >= 0 else { return nil }
    path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? ""
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    // Tokens that users choose may have what is markup.
    let address = link.utf8.map { byte in
      "&#\(byte);"
    }.joined()
    buffer.append(
      """
      <!DOCTYPE html>
      <meta charset="utf-8">
      <meta http-equiv="refresh" content="0; url=\(address)">
      <title>insights</title>

      """)
    let isWritten = (try? buffer.flush()) != nil
    close(descriptor)
    // The name is ours and needs no quotes; the variable may hold options.
    guard isWritten, system("${BROWSER:-xdg-open} \(path) >/dev/null 2>&1 &") == 0 else {
      unlink(path)
      return nil
    }
  }

  deinit { unlink(path) }
}
