import InsightsTestSupport
import Testing

/// The golden files once more, over ClickHouse's own engine.
///
/// `make clients` installs it; `make check` does so first.
@Suite(
  "golden files over ClickHouse",
  .enabled(if: ClickHouseServer.isInstalled, "run 'make clients' first"))
struct ClickHouseTests {
  static let server = Result { try ClickHouseServer() }

  /// Those that have rows.
  static let paths = GoldenTests.paths.filter { path in
    let sections = (try? GoldenFile(path: path))?.sections ?? []
    return sections.contains { $0.name == "result" }
  }

  @Test("every result is that of the file", arguments: paths)
  func results(path: String) throws {
    let mismatches = try GoldenRunner.mismatches(
      in: GoldenFile(path: path), over: Self.server.get())
    for mismatch in mismatches { mismatch.record(of: path) }
  }
}

@Suite("what crosses the network over ClickHouse")
struct ClickHouseCrossingTests {
  /// How many golden results there are of each kind, as Documentation/ClickHouse.md tells it.
  @Test("the documentation tells how many golden queries are done where")
  func counts() throws {
    var counts: [GoldenRunner.Crossing: Int] = [:]
    for path in ClickHouseTests.paths {
      for crossing in try GoldenRunner.crossings(in: GoldenFile(path: path)) {
        counts[crossing, default: 0] += 1
      }
    }
    let total = counts.values.reduce(0, +)
    #expect(total > 500)
    let text = try Repository.text(of: "Documentation/ClickHouse.md")
    let shares = text.matches(of: #/\| (\d+) % \|/#).compactMap { Int($0.output.1) }
    let found = GoldenRunner.Crossing.allCases.map { counts[$0, default: 0] * 100 / max(total, 1) }
    // Cases come and go; the documentation is to be right within some per cent.
    #expect(shares.count == found.count, "\(found)")
    for (told, share) in zip(shares, found) { #expect(abs(told - share) <= 3, "\(counts)") }
  }
}
