internal import InsightsModel

extension Function {
  /// Functions that encode and decode text.
  static let encodings: [Function] = [
    Function(
      "urlencode", signature: "urlencode(text)", summary: "The text as part of a URL.",
      examples: [("urlencode(\"a b&c\")", "a%20b%26c")], arguments: 1...1,
      computes: Operation(.urlencode, .text)),
    Function(
      "urldecode", signature: "urldecode(text)",
      summary: "The text with the escapes of a URL resolved.",
      examples: [("urldecode(\"a%20b+c\")", "a b c")], arguments: 1...1,
      computes: Operation(.urldecode, .text)),
    Function(
      "base64encode", signature: "base64encode(text)", summary: "The text in Base64.",
      examples: [("base64encode(\"Hello\")", "SGVsbG8=")], arguments: 1...1,
      computes: Operation(.base64encode, .text)),
    Function(
      "base64decode", signature: "base64decode(text)",
      summary: "The text that Base64 stands for; missing where it is none.",
      examples: [("base64decode(\"SGVsbG8=\")", "Hello"), ("base64decode(\"?\")", "")],
      arguments: 1...1, computes: Operation(.base64decode, .text)),
    Function(
      "hexToAscii", signature: "hexToAscii(text)",
      summary: "The text whose bytes pairs of hexadecimal digits denote.",
      examples: [("hexToAscii(\"48656c6c6f\")", "Hello")], arguments: 1...1,
      computes: Operation(.hexToAscii, .text)),
    Function(
      "md5", signature: "md5(text)", summary: "The MD5 digest in hexadecimal digits.",
      examples: [("md5(\"hello\")", "5d41402abc4b2a76b9719d911017c592")], arguments: 1...1,
      computes: Operation(.md5, .text)),
    Function(
      "sha256", signature: "sha256(text)", summary: "The SHA-256 digest in hexadecimal digits.",
      examples: [
        (
          "sha256(\"hello\")", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        )
      ],
      arguments: 1...1, computes: Operation(.sha256, .text)),
  ]
}
