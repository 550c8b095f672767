internal import InsightsIngest
internal import InsightsText

/// The console: a page that uses `/api`.
///
/// Its paths are a fixed table. Built-in files are concatenated and compressed once; a development
/// folder is read for each request, its modules one by one.
public struct ConsolePage: Sendable {
  private struct File: Sendable {
    var type: String
    var bytes: [UInt8]
    var compressed: [UInt8]?
    /// An entity tag that changes with the bytes.
    var tag: String

    init(_ type: String, _ text: String, isCompressed: Bool = true) {
      self.type = type
      bytes = Array(text.utf8)
      compressed = isCompressed ? Gzip.compressed(bytes) : nil
      var hash = ContentHash()
      bytes.withUnsafeBufferPointer { hash.update($0) }
      tag = "\"\(hash.text)\""
    }
  }

  /// Allows only resources of this server, no markup created from text, and no enclosing frame.
  private static let policy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'
    """

  /// By path; empty if a folder is served.
  private let files: [String: File]
  private let folder: String?

  /// Loads the built-in page, or the one in a folder.
  public init(folder: String? = nil) {
    self.folder = folder
    files = folder == nil ? Self.joined(ConsoleAssets()) : [:]
  }

  /// Returns the reply to a `GET`; `nil` if the path does not belong to the page.
  public func reply(to request: ServiceRequest) -> Reply? {
    guard let file = file(at: request.path) else { return nil }
    var reply = Reply(
      headers: [
        ("content-type", file.type), ("etag", file.tag), ("cache-control", "no-cache"),
        ("vary", "Accept-Encoding"), ("content-security-policy", Self.policy),
        ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
      ], body: .bytes([]))
    reply.operation = request.path
    if request.header("if-none-match") == file.tag {
      reply.status = 304
      return reply
    }
    if let compressed = file.compressed,
      request.header("accept-encoding")?.contains("gzip") == true
    {
      reply.headers.append(("content-encoding", "gzip"))
      reply.body = .bytes(compressed)
    } else {
      reply.body = .bytes(file.bytes)
    }
    return reply
  }

  private func file(at path: String) -> File? {
    guard let folder else { return files[path] }
    let assets = ConsoleAssets(folder: folder)
    let script = "text/javascript; charset=utf-8"
    switch path {
    case "/": return assets.text(of: "index.html").map { File("text/html; charset=utf-8", $0) }
    case "/icon.svg": return assets.text(of: "icon.svg").map { File("image/svg+xml", $0) }
    case "/console.css": return File("text/css; charset=utf-8", assets.styleSheet)
    case "/console.js": return File(script, "import \"/console/main.js\";\n")
    default:
      guard path.hasPrefix("/console/"), path.hasSuffix(".js") else { return nil }
      return assets.text(of: String(path.dropFirst("/console/".count))).map { File(script, $0) }
    }
  }

  private static func joined(_ assets: ConsoleAssets) -> [String: File] {
    [
      "/": File("text/html; charset=utf-8", assets.text(of: "index.html") ?? ""),
      "/console.js": File("text/javascript; charset=utf-8", assets.script),
      "/console.css": File("text/css; charset=utf-8", assets.styleSheet),
      "/icon.svg": File("image/svg+xml", assets.text(of: "icon.svg") ?? ""),
    ]
  }
}
