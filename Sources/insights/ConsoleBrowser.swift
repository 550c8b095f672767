internal import Glibc
internal import InsightsOutput

/// Opens the console in the user's browser.
///
/// The link contains the token, and command lines are visible to other users. So the browser gets a
/// file that only its owner can read and that redirects to the link.
final class ConsoleBrowser: Sendable {
  private let path: String

  /// Opens a link; `nil` if the file cannot be written.
  init?(opening link: String) {
    var template = Array("/tmp/insights-console-XXXXXX.html".utf8CString)
    let descriptor = mkstemps(&template, Int32(".html".utf8.count))
    guard descriptor >= 0 else { return nil }
    path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? ""
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    // Escape the link: tokens chosen by users may contain markup.
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
    // The file name needs no quotes; the variable may contain options.
    guard isWritten, system("${BROWSER:-xdg-open} \(path) >/dev/null 2>&1 &") == 0 else {
      unlink(path)
      return nil
    }
  }

  deinit { unlink(path) }
}
