import Foundation
import InsightsTestSupport
import Testing

/// Runs the examples of the documentation as a reader would.
@Suite("documentation")
struct DocumentationTests {
  static let pages =
    ["README.md", "SampleLogs/README.md", "Queries/README.md", "CONTRIBUTING.md"]
    + Repository.files(in: "Documentation", suffix: ".md")
  static let queries = blocks(["insights"])
  static let scripts = blocks(["sh"])
  static let captures = blocks(["console"])
  /// The lines that start a server, without what stands behind them.
  static let servers = blocks(["bash"]).flatMap { block in
    block.body.split(separator: "\n").filter { $0.hasPrefix("insights serve ") }.map { line in
      String(line.prefix { $0 != "#" && $0 != "&" })
    }
  }
  static let requests = scripts.filter { $0.body.hasPrefix("curl ") }

  static func blocks(_ languages: Set<String>) -> [FencedBlock] {
    // A page that cannot be read fails in `examplesAreFound`.
    pages.flatMap { (try? FencedBlock.all(in: $0, languages: languages)) ?? [] }
  }

  /// The lookup tables of the examples.
  static let tables = [
    ("users", "id,name,team\n1,Ann,red\n"), ("networks", "cidr,owner\n10.0.0.0/8,us\n"),
  ]

  @Test("there are examples of each kind")
  func examplesAreFound() {
    #expect(Self.queries.count >= 5)
    #expect(Self.scripts.count >= 3)
    #expect(!Self.captures.isEmpty)
    #expect(Self.servers.count >= 3)
    #expect(!Self.requests.isEmpty)
  }

  @Test("every query runs over the sample logs and finds something", arguments: queries)
  func query(block: FencedBlock) throws {
    let program = try Program()
    for (name, text) in Self.tables {
      let file = try program.folder.write(text, to: "\(name).csv")
      try FileManager.default.createDirectory(
        atPath: program.path("Lookups"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: file, toPath: program.path("Lookups/\(name).csv"))
    }
    let output = try program.run([
      "query", block.body, "--db", try SampleStore.path, "--format", "ndjson",
    ])
    #expect(output.status == 0, "\(block.page):\(block.line): \(output.standardError)")
    #expect(!output.standardOutput.isEmpty, "\(block.page):\(block.line) finds nothing")
  }

  /// First words of example lines that are somebody else's programs, or need the network.
  static let others = [
    "make", "sqlite3", "aws", "for", "done", "#", "docker", "jq", "python3", "tar", "sha256sum",
    "export", "curl",
  ]

  @Test("every command line of ours runs", arguments: scripts)
  func script(block: FencedBlock) throws {
    let program = try Program()
    try prepare(program)
    let lines = block.body.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
    for line in lines {
      let text = line.drop { $0 == " " }
      if Self.others.contains(where: { text.hasPrefix($0 + " ") || text == $0 }) { continue }
      #expect(text.hasPrefix("insights "), "\(block.page):\(block.line): unknown program: \(line)")
      let output = try program.runShell("\"$0\" \(text.dropFirst("insights ".count))")
      let isExpected = output.status == 0 || (output.status == 1 && text.contains("--fail-if"))
      #expect(isExpected, "\(block.page):\(block.line): \(line): \(output.standardError)")
    }
  }

  @Test("every server starts, and ends with 0", arguments: servers)
  func server(line: String) throws {
    let program = try Program()
    try prepare(program)
    // The port that the line names, or the usual one, may be taken.
    let output = try program.runShell(
      TailTests.waitFor + "\n"
        + #"""
        "$0" \#(line.dropFirst("insights ".count)) --listen 127.0.0.1:0 > shown & pid=$!
        wait_for http:// shown; kill $pid; wait $pid
        """#)
    #expect(
      output.status == 0 && output.standardOutput.isEmpty, "\(line): \(output.standardError)")
  }

  @Test(
    "every request of curl is answered",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")),
    arguments: requests)
  func request(block: FencedBlock) throws {
    let server = try ServerProgram(
      ingesting: "2026-01-01T00:00:00.000Z {\"level\":\"INFO\"}\n", as: "/test")
    let output = try Program().runShell(
      block.body.replacingOccurrences(of: "http://127.0.0.1:4586", with: server.url),
      environment: ["INSIGHTS_TOKEN": server.token])
    #expect(
      output.standardOutput.contains(#""rows":[["INFO",1]]"#),
      "\(block.page):\(block.line): \(output.standardOutput)\(output.standardError)")
  }

  @Test("every capture shows what the program prints", arguments: captures)
  func capture(block: FencedBlock) throws {
    let program = try Program()
    try prepare(program)
    for part in ("\n" + block.body).components(separatedBy: "\n$ ").dropFirst() {
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      guard lines[0].hasPrefix("insights ") else { continue }
      let output = try program.runShell("\"$0\" \(lines[0].dropFirst("insights ".count))")
      let shown = lines.count > 1 ? String(lines[1]) : ""
      // Where the reader sees nothing of the output, it was left out.
      guard !shown.allSatisfy(\.isWhitespace) else { continue }
      #expect(
        Self.trimmed(output.standardOutput + output.standardError) == Self.trimmed(shown),
        "\(block.page):\(block.line)")
    }
  }

  @Test("the picture of the README shows what the program prints on a terminal")
  func picture() throws {
    let svg = try Repository.text(of: "Documentation/images/triage.svg")
    let shown = svg.components(separatedBy: "<text ").dropFirst().compactMap { element in
      element.components(separatedBy: ">").dropFirst().first?.components(separatedBy: "<").first
    }.joined()
    let text = [("&#x27;", "'"), ("&quot;", "\""), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&")]
      .reduce(shown) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    let session = Repository.url("Documentation/images/session.sh").path
    let printed = try Program().runShell(
      "timeout 60 script -qec \"'\(session)' '$0'\" /dev/null </dev/null"
    ).standardOutput
    #expect(printed.contains("$ insights triage\n"))
    #expect(
      text.filter { !$0.isWhitespace }
        == printed.replacing(try Regex("\u{1B}\\[[0-9;]*m"), with: "").filter { !$0.isWhitespace })
  }

  private static func trimmed(_ text: String) -> String {
    text.components(separatedBy: "\n").map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n").trimmingCharacters(in: .newlines)
  }

  /// What the reader of the examples has: an export, the sample logs, and stores made of them.
  private func prepare(_ program: Program) throws {
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: program.path("SampleLogs"), withDestinationPath: Repository.url("SampleLogs").path)
    try manager.createSymbolicLink(
      atPath: program.path("exported-logs"),
      withDestinationPath: Repository.url("SampleLogs/orders-api").path)
    for name in ["logs.db", "insights.db"] {
      try manager.copyItem(atPath: try SampleStore.path, toPath: program.path(name))
    }
  }
}
