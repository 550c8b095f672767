internal import Foundation

extension ServerProgram {
  /// An HTTP reply.
  public struct Answer: Sendable {
    /// The HTTP status.
    public var status: Int
    /// Names in lower case.
    public var headers: [String: String]
    /// The body, with chunked encoding removed.
    public var body: String
  }

  /// Sends one request, byte for byte, and reads the reply until the server closes the connection.
  ///
  /// `Host` is added if the text has none, and `Connection: close` always.
  ///
  /// - Throws: `GoldenError` if there is no reply.
  public func send(
    _ line: String, _ headers: [String] = [], body: String = ""
  ) throws -> Answer {
    var lines = ["\(line) HTTP/1.1"] + headers
    if !headers.contains(where: { $0.lowercased().hasPrefix("host:") }) {
      lines.append("Host: 127.0.0.1:\(port)")
    }
    if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
    lines.append("Connection: close")
    return try exchange(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
  }

  /// The port that the server listens on.
  public var port: UInt16 { url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

  private func exchange(_ request: String) throws -> Answer {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw GoldenError("nobody listens on port \(port)") }
    var rest = Array(request.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      guard count > 0 else { break }
      bytes += piece[..<count]
    }
    return try Self.answer(bytes)
  }

  private static func answer(_ bytes: [UInt8]) throws -> Answer {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
      throw GoldenError("no answer of HTTP: \(String(decoding: bytes, as: UTF8.self))")
    }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let lines = head.split(separator: "\r\n")
    var answer = Answer(status: 0, headers: [:], body: "")
    answer.status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      answer.headers[parts[0].lowercased()] = parts.last.map { String($0.drop { $0 == " " }) }
    }
    let body = bytes[end.upperBound...]
    let isChunked = answer.headers["transfer-encoding"]?.lowercased() == "chunked"
    let content = try isChunked ? joined(chunks: body) : body
    answer.body = String(decoding: content, as: UTF8.self)
    return answer
  }

  /// The content of the chunks; the last one is empty.
  private static func joined(chunks: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    var joined: ArraySlice<UInt8> = []
    var rest = chunks
    while let end = rest.firstRange(of: Array("\r\n".utf8)) {
      let digits = String(decoding: rest[..<end.lowerBound].prefix { $0 != 0x3B }, as: UTF8.self)
      rest = rest[end.upperBound...]
      guard let count = Int(digits, radix: 16), count >= 0, rest.count >= count + 2 else { break }
      if count == 0 { return joined }
      joined += rest.prefix(count)
      rest = rest.dropFirst(count + 2)
    }
    throw GoldenError("the chunks end early: \(String(decoding: chunks, as: UTF8.self))")
  }
}
