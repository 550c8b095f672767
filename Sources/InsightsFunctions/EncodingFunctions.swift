internal import InsightsText

/// `ql_urlencode`, `ql_base64encode`, `ql_md5` and others: text encodings and digests.
enum EncodingFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_urlencode", arguments: 1) {
        EncodingFunctions.convert(SQLCall($0, $1, $2)) { text, output in
          PercentEncoding.append(text, to: &output)
          return true
        }
      },
      SQLFunction("ql_urldecode", arguments: 1) {
        EncodingFunctions.decode(SQLCall($0, $1, $2)) { text, output in
          PercentEncoding.appendDecoded(text, to: &output)
          return true
        }
      },
      SQLFunction("ql_base64encode", arguments: 1) {
        EncodingFunctions.convert(SQLCall($0, $1, $2)) { text, output in
          Base64.append(text, to: &output)
          return true
        }
      },
      SQLFunction("ql_base64decode", arguments: 1) {
        EncodingFunctions.decode(SQLCall($0, $1, $2)) { Base64.appendDecoded($0, to: &$1) }
      },
      SQLFunction("ql_hex_to_ascii", arguments: 1) {
        EncodingFunctions.decode(SQLCall($0, $1, $2)) { text, output in
          Hexadecimal.appendDecoded(EncodingFunctions.withoutPrefix(text), to: &output)
        }
      },
      SQLFunction("ql_md5", arguments: 1) {
        EncodingFunctions.convert(SQLCall($0, $1, $2)) { text, output in
          Hexadecimal.append(MD5.digest(of: text), to: &output)
          return true
        }
      },
      SQLFunction("ql_sha256", arguments: 1) {
        EncodingFunctions.convert(SQLCall($0, $1, $2)) { text, output in
          Hexadecimal.append(SHA256.digest(of: text), to: &output)
          return true
        }
      },
    ]
  }

  /// Returns the result of `body`; NULL if `body` rejects the text.
  private static func convert(
    _ call: SQLCall, _ body: (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Bool
  ) {
    guard !call.hasNull else { return }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    if call[0].withText({ body($0, &workspace.output) }) { call.setResult(text: workspace.output) }
  }

  /// Like `convert`, with invalid UTF-8 replaced, since decoded data may be anything.
  private static func decode(
    _ call: SQLCall, _ body: (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Bool
  ) {
    guard !call.hasNull else { return }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    guard call[0].withText({ body($0, &workspace.output) }) else { return }
    if workspace.output.contains(where: { $0 >= 0x80 }) {
      workspace.output = Array(String(decoding: workspace.output, as: UTF8.self).utf8)
    }
    call.setResult(text: workspace.output)
  }

  /// Removes a prefix `0x`.
  private static func withoutPrefix(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    let hasPrefix = text.holds("0x", at: 0) || text.holds("0X", at: 0)
    return hasPrefix ? UnsafeBufferPointer(rebasing: text[2...]) : text
  }
}
