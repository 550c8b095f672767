import Foundation
import InsightsTestSupport
import Testing

/// Holds the structure that ARCHITECTURE.md describes.
@Suite("structure")
struct StructureTests {
  static let sources = Repository.files(in: "Sources", suffix: ".swift")

  /// What each target may import beside the standard library: the table of ARCHITECTURE.md.
  static let allowedImports: [String: Set<String>] = [
    "InsightsThreads": ["Glibc", "Synchronization"],
    "InsightsModel": ["InsightsThreads", "Synchronization"],
    "InsightsText": ["InsightsThreads", "CPCRE2", "Glibc", "Synchronization"],
    "InsightsQuery": ["InsightsModel", "InsightsText"],
    "InsightsSQL": ["InsightsModel", "InsightsQuery"],
    "InsightsStore": [
      "InsightsModel", "InsightsText", "InsightsThreads", "CMalloc", "CSQLite", "CZstd", "Glibc",
      "Synchronization",
    ],
    "InsightsIngest": [
      "InsightsModel", "InsightsText", "InsightsThreads", "InsightsStore", "CZlib", "CZstd",
      "Glibc",
    ],
    "InsightsEngine": [
      "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsSQL",
      "InsightsStore", "InsightsIngest", "InsightsOutput", "Glibc",
    ],
    "InsightsOutput": ["InsightsModel", "InsightsText", "Glibc"],
    "InsightsService": [
      "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsStore",
      "InsightsIngest", "InsightsEngine", "InsightsOutput", "CConsoleAssets", "CZlib", "Glibc",
    ],
    // Hummingbird, and the libraries that its interface is made of.
    "InsightsServer": [
      "InsightsText", "InsightsThreads", "InsightsService", "Glibc", "Hummingbird", "HTTPTypes",
      "Logging", "NIOCore", "ServiceLifecycle", "UnixSignals",
    ],
    "insights": [
      "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsStore",
      "InsightsIngest", "InsightsEngine", "InsightsOutput", "InsightsService", "InsightsServer",
      "ArgumentParser", "CEdit", "Glibc",
    ],
    "InsightsBenchmarks": [
      "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsStore",
      "InsightsIngest", "InsightsEngine", "InsightsOutput", "Glibc",
    ],
    "InsightsTestSupport": [
      "InsightsModel", "InsightsText", "InsightsQuery", "InsightsStore", "InsightsIngest",
      "InsightsEngine", "InsightsOutput", "Foundation",
    ],
  ]

  @Test("sources are found")
  func sourcesAreFound() {
    #expect(Self.sources.count > 100)
  }

  @Test("every target imports only what the architecture allows")
  func imports() throws {
    for path in Self.sources {
      let target = String(path.split(separator: "/")[1])
      let allowed = try #require(Self.allowedImports[target], "unknown target \(target)")
      for line in try Repository.text(of: path).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let keyword = words.firstIndex(of: "import"), keyword <= 1, keyword + 1 < words.count,
          keyword == 0 || ["public", "internal", "package", "private"].contains(words[0])
        else { continue }
        #expect(allowed.contains(String(words[keyword + 1])), "\(path): \(line)")
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
