import Foundation
import InsightsTestSupport
import Testing

/// Holds the structure that ARCHITECTURE.md describes.
@Suite("structure")
struct StructureTests {
  static let sources = Repository.files(in: "Sources", suffix: ".swift")

  /// Modules of the toolchain that targets with system calls or locks of their own may import.
  static let toolchain: [String: Set<String>] = [
    "InsightsThreads": ["Glibc", "Synchronization"],
    "InsightsModel": ["Synchronization"],
    "InsightsText": ["Glibc", "Synchronization"],
    "InsightsSQLite": ["Glibc", "Synchronization"],
    "InsightsSegments": ["Synchronization"],
    "InsightsScan": ["Synchronization"],
    "InsightsFunctions": ["Glibc"],
    "InsightsStore": ["Glibc", "Synchronization"],
    "InsightsIngest": ["Glibc"],
    "InsightsClickHouse": ["Glibc"],
    "InsightsOutput": ["Glibc"],
    "InsightsEngine": ["Glibc"],
    "InsightsService": ["Glibc"],
    "InsightsServer": ["Glibc"],
    "insights": ["Glibc"],
    "InsightsBenchmarks": ["Glibc"],
    "InsightsTestSupport": ["Foundation"],
  ]

  /// The libraries that the interface of a package's product is made of.
  static let productModules: [String: Set<String>] = [
    "AsyncHTTPClient": ["NIOCore", "NIOHTTP1", "NIOHTTPCompression", "NIOPosix", "NIOSSL"],
    "Hummingbird": ["HTTPTypes", "Logging", "NIOCore", "ServiceLifecycle", "UnixSignals"],
  ]

  @Test("sources are found")
  func sourcesAreFound() {
    #expect(Self.sources.count > 100)
  }

  @Test("every target imports only what Package.swift lets it depend on")
  func imports() throws {
    let graph = try PackageGraph()
    for path in Self.sources {
      let target = String(path.split(separator: "/")[1])
      let dependencies = try #require(graph.dependencies[target], "unknown target \(target)")
      var allowed = Set(dependencies).union(Self.toolchain[target] ?? [])
      for product in dependencies { allowed.formUnion(Self.productModules[product] ?? []) }
      for line in try Repository.text(of: path).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let keyword = words.firstIndex(of: "import"), keyword <= 1, keyword + 1 < words.count,
          keyword == 0 || ["public", "internal", "package", "private"].contains(words[0])
        else { continue }
        #expect(allowed.contains(String(words[keyword + 1])), "\(path): \(line)")
      }
    }
  }

  @Test("ARCHITECTURE.md lists the targets and their dependencies as Package.swift has them")
  func targets() throws {
    let graph = try PackageGraph()
    let text = try Repository.text(of: "ARCHITECTURE.md")
    let table = text.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }
    for target in graph.order where !target.hasSuffix("Tests") {
      let row = try #require(
        table.first { $0.components(separatedBy: " | ")[0].contains("`\(target)`") },
        "no row for \(target)")
      let named = row.components(separatedBy: " | ").last?.split(separator: "`")
        .filter { $0.allSatisfy { $0.isLetter || $0.isNumber } }
      // C libraries share a row.
      guard !target.hasPrefix("C") else { continue }
      #expect(
        Set((named ?? []).map(String.init)) == Set(graph.dependencies[target] ?? []), "\(row)")
    }
  }

  @Test("targets depend on targets that stand above them in Package.swift")
  func downward() throws {
    let graph = try PackageGraph()
    for (index, target) in graph.order.enumerated() {
      for dependency in graph.dependencies[target] ?? [] {
        guard let place = graph.order.firstIndex(of: dependency) else { continue }
        #expect(place < index, "\(target) stands above \(dependency)")
      }
    }
  }

  @Test("no shortcut that can trap, and no output past the formatters")
  func forbiddenConstructs() throws {
    for path in Self.sources where !path.hasPrefix("Sources/InsightsTestSupport/") {
      for (number, line) in try Repository.text(of: path).components(separatedBy: "\n").enumerated()
      {
        let code = line.components(separatedBy: "//")[0]
        for construct in ["try!", " as! ", "print("] where code.contains(construct) {
          let isPartOfName = construct == "print(" && code.contains(".print(")
          #expect(isPartOfName, "\(path):\(number + 1): \(construct)")
        }
      }
    }
  }

  @Test("only the client of ClickHouse knows the library for HTTP")
  func transports() throws {
    for path in Self.sources
    where path.hasPrefix("Sources/InsightsClickHouse/")
      && !path.hasPrefix("Sources/InsightsClickHouse/Client/")
    {
      let text = try Repository.text(of: path)
      for library in ["import AsyncHTTPClient", "import NIO"] {
        #expect(!text.contains(library), "\(path)")
      }
    }
  }

  @Test("the language says what is computed, never how SQL writes it")
  func noSQL() throws {
    let fragments = [
      "{0}", "{*}", "ql_", "CASE WHEN", "ifnull(", "iif(", "json_extract(", "CAST(", "IS NOT NULL",
      "SELECT ", "GLOB",
    ]
    let layers = ["Sources/InsightsQuery/", "Sources/InsightsModel/"]
    for path in Self.sources where layers.contains(where: path.hasPrefix) {
      for (number, line) in try Repository.text(of: path).components(separatedBy: "\n").enumerated()
      {
        for fragment in fragments where line.contains(fragment) {
          Issue.record("\(path):\(number + 1): \(fragment)")
        }
      }
    }
  }

  @Test("outside the commands nobody asks which command it is")
  func noTypeTests() throws {
    let test = try Regex(#"\b(is|as[?!]?) \w+Command\b"#)
    for path in Self.sources
    where path.hasPrefix("Sources/InsightsQuery/")
      && !path.hasPrefix("Sources/InsightsQuery/Commands/")
    {
      for (number, line) in try Repository.text(of: path).components(separatedBy: "\n").enumerated()
      where line.contains(test) {
        Issue.record("\(path):\(number + 1): \(line)")
      }
    }
  }

  @Test("no file is large")
  func fileSizes() throws {
    for folder in ["Sources", "Tests", "SampleLogs", "Queries", "Documentation"] {
      for path in Repository.files(in: folder, suffix: "") {
        let size = try Repository.url(path).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        #expect(size < 1_000_000, "\(path) has \(size) bytes")
      }
    }
  }

  @Test("every command and function is named once")
  func namesAreUnique() {
    // Registries are searched by name; a second entry of a name would never be found.
    #expect(Set(Registries.commandKeywords).count == Registries.commandKeywords.count)
    #expect(Set(Registries.functionNames).count == Registries.functionNames.count - 1)
    // An aggregate and a function of single values, told apart by where they stand.
    #expect(Registries.functionNames.count { $0 == "histogram" } == 2)
  }

  @Test("links of the documentation lead somewhere")
  func links() throws {
    let pages =
      ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
      + Repository.files(in: "Documentation", suffix: ".md")
      + ["SampleLogs/README.md", "Queries/README.md"]
    for page in pages {
      let folder = Repository.url(page).deletingLastPathComponent()
      for part in try Repository.text(of: page).components(separatedBy: "](").dropFirst() {
        let target = part.prefix { $0 != ")" && $0 != "#" }
        guard !target.isEmpty, !target.hasPrefix("http") else { continue }
        #expect(
          FileManager.default.fileExists(
            atPath: folder.appendingPathComponent(String(target)).path),
          "\(page) links to \(target)")
      }
    }
  }
}
