internal import InsightsText

/// AWS's Signature Version 4 for calls of the logs service.
struct Signature: Sendable {
  /// The maximum deviation of the client's clock in milliseconds.
  private static let clockTolerance: Int64 = 15 * 60_000
  private static let algorithm = "AWS4-HMAC-SHA256"
  /// Headers that must be signed, so that neither the address nor the operation can be changed.
  private static let requiredHeaders = ["host", "x-amz-target"]

  /// Why a signature is rejected.
  struct Failure: Error, Equatable {
    var code: String
    var message: String
  }

  /// The signed parts of a request.
  struct SignedRequest {
    var path: String
    /// Names in lower case, in the order received.
    var headers: [(name: String, value: String)]
    /// The body as received, before decompression.
    var body: [UInt8]
  }

  private let secrets: [String: String]

  init(_ keys: [ServerConfiguration.AccessKey]) {
    secrets = Dictionary(keys.map { ($0.id, $0.secret) }, uniquingKeysWith: { first, _ in first })
  }

  /// Checks the signature of a request at `now` (epoch milliseconds).
  ///
  /// - Throws: `Failure`.
  func check(_ request: SignedRequest, at now: Int64) throws(Failure) {
    func header(_ name: String) -> String? { request.headers.first { $0.name == name }?.value }
    guard let authorization = header("authorization") else {
      throw Failure(
        code: "MissingAuthenticationTokenException", message: "The request is not signed.")
    }
    let parts = try Self.parts(of: authorization)
    let scope = parts.credential.split(separator: "/", omittingEmptySubsequences: false)
    guard scope.count == 5, scope[3] == "logs", scope[4] == "aws4_request" else {
      throw Self.incomplete("the credential has no scope of this service")
    }
    guard let date = header("x-amz-date"), let time = TimeExpression(Self.isoDate(date)) else {
      throw Self.incomplete("the header X-Amz-Date is missing")
    }
    guard (time.milliseconds(now: now) - now).magnitude <= Self.clockTolerance.magnitude,
      date.hasPrefix(scope[1])
    else { throw Self.invalid("the time of the signature is not now") }
    for name in Self.requiredHeaders where !parts.headers.contains(name) {
      throw Self.invalid("the header '\(name)' is not signed")
    }
    guard let secret = secrets[String(scope[0])] else {
      throw Failure(
        code: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.")
    }
    var canonical = "POST\n\(Self.canonicalPath(request.path))\n\n"
    for name in parts.headers {
      // Several headers with one name are signed as one.
      let values = request.headers.filter { $0.name == name }.map { Self.trimmed($0.value) }
      guard !values.isEmpty else { throw Self.invalid("the signed header '\(name)' is missing") }
      canonical += "\(name):\(values.joined(separator: ","))\n"
    }
    canonical +=
      "\n\(parts.headers.joined(separator: ";"))\n\(Self.hex(SHA256.digest(of: request.body)))"
    let scopeText = scope.dropFirst().joined(separator: "/")
    let toSign =
      "\(Self.algorithm)\n\(date)\n\(scopeText)\n\(Self.hex(SHA256.digest(of: Array(canonical.utf8))))"
    var key = Array("AWS4\(secret)".utf8)
    for part in scope.dropFirst() { key = HMAC.digest(of: Array(part.utf8), key: key) }
    let expected = Self.hex(HMAC.digest(of: Array(toSign.utf8), key: key))
    guard Secret.isEqual(expected.utf8, parts.signature.utf8) else {
      throw Self.invalid("the signature does not match")
    }
  }

  private static func parts(
    of authorization: String
  ) throws(Failure) -> (credential: String, headers: [String], signature: String) {
    guard authorization.hasPrefix(algorithm + " ") else {
      throw incomplete("the header Authorization is not of \(algorithm)")
    }
    var values: [String: String] = [:]
    for part in authorization.dropFirst(algorithm.count + 1).split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      values[trimmed(String(pair[0]))] = trimmed(String(pair[1]))
    }
    guard let credential = values["Credential"], let headers = values["SignedHeaders"],
      let signature = values["Signature"]
    else { throw incomplete("the header Authorization lacks a part") }
    return (credential, headers.split(separator: ";").map(String.init), signature)
  }

  /// Converts `20261129T150707Z` to `2026-11-29T15:07:07Z`; other text is returned unchanged.
  private static func isoDate(_ text: String) -> String {
    let digits = Array(text)
    guard digits.count == 16, digits[8] == "T", digits[15] == "Z" else { return "" }
    func part(_ range: Range<Int>) -> String { String(digits[range]) }
    return
      "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
  }

  /// Each segment is escaped twice, as all services except S3 require.
  private static func canonicalPath(_ path: String) -> String {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
      var bytes: [UInt8] = []
      Array(segment.utf8).withUnsafeBufferPointer { PercentEncoding.append($0, to: &bytes) }
      return String(decoding: bytes, as: UTF8.self)
    }
    let text = segments.joined(separator: "/")
    return text.isEmpty ? "/" : text
  }

  /// Trims spaces, and collapses runs of them.
  private static func trimmed(_ text: String) -> String {
    text.split(separator: " ").joined(separator: " ")
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    Hexadecimal.append(bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private static func incomplete(_ reason: String) -> Failure {
    Failure(code: "IncompleteSignatureException", message: "The signature is not whole: \(reason).")
  }

  private static func invalid(_ reason: String) -> Failure {
    Failure(
      code: "InvalidSignatureException",
      message: "The request signature we calculated does not match: \(reason).")
  }
}
