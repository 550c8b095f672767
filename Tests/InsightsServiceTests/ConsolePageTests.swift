import Foundation
import InsightsService
import InsightsTestSupport
import InsightsText
import Testing

@Suite("console's page")
struct ConsolePageTests {
  private static let folder = "Sources/CConsoleAssets/console"

  private static func get(
    _ path: String, _ headers: [(String, String)] = [], from page: ConsolePage = ConsolePage()
  ) -> Reply? {
    page.reply(
      to: ServiceRequest(
        method: "GET", path: path, headers: headers.map { (name: $0.0, value: $0.1) }))
  }

  private static func bytes(of reply: Reply?) -> [UInt8] {
    if case .bytes(let bytes)? = reply?.body { bytes } else { [] }
  }

  private static func text(of reply: Reply?) -> String {
    String(decoding: bytes(of: reply), as: UTF8.self)
  }

  private static func header(_ name: String, of reply: Reply?) -> String? {
    reply?.headers.first { $0.name == name }?.value
  }

  /// The modules in the order in which they are joined.
  private static func modules() throws -> [(name: String, text: String)] {
    try Repository.text(of: "Sources/CConsoleAssets/assets.c").split(separator: "\n")
      .compactMap { line -> String? in
        let parts = line.split(separator: "\"")
        return line.hasPrefix("  ASSET(") && parts.count == 3 && parts[1].hasSuffix(".js")
          ? String(parts[1]) : nil
      }.map { ($0, try Repository.text(of: "\(folder)/\($0)")) }
  }

  @Test("takes at most 60 kB and five requests")
  func budget() {
    let paths = ["/", "/console.js", "/console.css", "/icon.svg"]
    let sizes = paths.map { Self.bytes(of: Self.get($0, [("accept-encoding", "gzip")])).count }
    #expect(sizes.allSatisfy { $0 > 0 })
    #expect(sizes.reduce(0, +) <= 60_000, "\(sizes)")
    let page = Self.text(of: Self.get("/"))
    for path in paths.dropFirst() { #expect(page.contains("\"\(path)\"")) }
    #expect(!page.contains("http"))
  }

  @Test("every file of the folder is embedded, and its module imported only behind it")
  func order() throws {
    let modules = try Self.modules()
    #expect(modules.count > 20)
    let files = Repository.files(in: Self.folder, suffix: ".js").map {
      $0.split(separator: "/").last
    }
    #expect(Set(files) == Set(modules.map { Substring($0.name) }))
    var exports: [String: Set<Substring>] = [:]
    var owners: [Substring: String] = [:]
    for (name, text) in modules {
      var own: Set<Substring> = []
      for line in text.split(separator: "\n") {
        if line.hasPrefix("import ") {
          let match = try #require(
            line.wholeMatch(of: #/import \{ (\w+) \} from "\./(\w+\.js)";/#), "\(name): \(line)")
          #expect(
            exports[String(match.2)]?.contains(match.1) == true,
            "\(name): '\(match.1)' is not exported above")
          continue
        }
        let isExported = line.hasPrefix("export ")
        let rest = isExported ? line.dropFirst("export ".count) : line
        #expect(!rest.hasPrefix("default") && !rest.hasPrefix("{"), "\(name): \(line)")
        guard
          let match = rest.prefixMatch(
            of: #/(?:async )?(?:function|class|const|let) (?:\[([\w, ]+)\]|(\w+))/#)
        else { continue }
        let declared = match.2.map { [$0] } ?? match.1?.split(separator: ", ") ?? []
        for one in declared {
          #expect(owners[one] == nil, "\(name): '\(one)' is in \(owners[one] ?? "") too")
          owners[one] = name
          if isExported { own.insert(one) }
        }
      }
      exports[name] = own
    }
  }

  @Test("nothing makes markup of text, and nothing is loaded from elsewhere")
  func safety() throws {
    for (name, text) in try Self.modules() {
      for construct in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
        #expect(!text.contains(construct), "\(name): \(construct)")
      }
      let addresses = text.matches(of: #/https?:\/\/[^"'`\s]*/#).map(\.output)
      #expect(addresses.allSatisfy { $0.hasPrefix("http://www.w3.org/") }, "\(name): \(addresses)")
    }
  }

  @Test("comes with a strict policy, a tag and nothing that is kept")
  func headers() throws {
    let reply = try #require(Self.get("/"))
    #expect(reply.status == 200)
    let policy = try #require(Self.header("content-security-policy", of: reply))
    #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
    #expect(policy.contains("require-trusted-types-for 'script'; trusted-types 'none'"))
    #expect(!policy.contains("unsafe"))
    #expect(Self.header("referrer-policy", of: reply) == "no-referrer")
    #expect(Self.header("cross-origin-opener-policy", of: reply) == "same-origin")
    let tag = try #require(Self.header("etag", of: reply))
    #expect(Self.get("/", [("if-none-match", tag)])?.status == 304)
    #expect(Self.header("content-encoding", of: reply) == nil)
    #expect(
      Self.header(
        "content-encoding", of: Self.get("/console.js", [("accept-encoding", "gzip, br")]))
        == "gzip")
  }

  @Test("has a fixed table of addresses, built in or from a folder")
  func addresses() throws {
    let folder = ConsolePage(folder: Repository.url(Self.folder).path)
    for path in ["/", "/console.js", "/console.css", "/icon.svg"] {
      #expect(Self.get(path) != nil)
      #expect(Self.get(path, from: folder) != nil)
    }
    #expect(Self.text(of: Self.get("/console/main.js", from: folder)).contains("import "))
    #expect(Self.get("/console/main.js") == nil)
    for path in [
      "/index.html", "/console/../assets.c", "/console/", "/console/none.js", "/etc/passwd",
    ] {
      #expect(Self.get(path) == nil)
      #expect(Self.get(path, from: folder) == nil)
    }
    #expect(!Self.text(of: Self.get("/console.js")).contains("\nimport "))
    #expect(!Self.text(of: Self.get("/console.js")).contains("\nexport "))
  }

  @Test("has the colours of reports")
  func colours() {
    #expect(
      Self.text(of: Self.get("/console.css")).hasPrefix(":root {\n  color-scheme: light dark;"))
  }
}
