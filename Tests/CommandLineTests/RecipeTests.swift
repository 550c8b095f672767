import Foundation
import InsightsTestSupport
import Testing

/// Runs the recipes of Documentation/Scripting.md, each as one script.
@Suite("recipes")
struct RecipeTests {
  static let recipes =
    (try? FencedBlock.all(in: "Documentation/Scripting.md", languages: ["bash"])) ?? []

  @Test("there are recipes")
  func recipesAreFound() {
    #expect(Self.recipes.count >= 10)
  }

  /// A recipe and the kind of folder that it meets as `exported-logs`.
  struct Case: Sendable, CustomTestStringConvertible {
    var block: FencedBlock
    var folder: String

    var testDescription: String { "\(block.page):\(block.line) with \(folder)" }
  }

  /// An export tree of compressed files, a dump in JSON, plain text.
  static let folders = ["orders-api", "payments", "nightly-report"]
  static let cases = recipes.flatMap { block in
    folders.prefix(block.body.contains("exported-logs") ? folders.count : 1).map {
      Case(block: block, folder: $0)
    }
  }

  @Test(
    "every recipe whose programs are here does what it says, whatever kind of export it meets",
    arguments: cases)
  func recipe(of testCase: Case) throws {
    let block = testCase.block
    let program = try Program()
    try FileManager.default.createSymbolicLink(
      atPath: program.path("exported-logs"),
      withDestinationPath: Repository.url("SampleLogs/\(testCase.folder)").path)
    try FileManager.default.copyItem(atPath: try SampleStore.path, toPath: program.path("logs.db"))
    let needs =
      block.body.hasPrefix("# needs: ")
      ? block.body.prefix { $0 != "\n" }.dropFirst("# needs: ".count).split(separator: " ") : []
    for need in needs {
      // Programs, or modules of Python.
      let search = "command -v \(need) || python3 -c 'import \(need)'"
      guard try program.runShell(search).status == 0 else { return }
    }
    let script = try program.folder.write(block.body, to: "recipe.sh")
    let output = try program.runShell(
      "mkdir bin; ln -s \"$0\" bin/insights; PATH=$PWD/bin:$PATH sh -eu \(script)")
    let place = testCase.testDescription
    #expect(output.status == 0, "\(place): \(output.standardOutput)\(output.standardError)")
    // Nothing that another program of the recipe complains of, either: `cat: x: Is a directory`.
    let complaints = output.standardError.split(separator: "\n").filter { line in
      let name = line.prefix { !$0.isWhitespace }
      return name.hasSuffix(":") && !["note:", "warning:", "timing:", "scan:"].contains(name)
    }
    #expect(complaints == [], "\(place)")
  }
}
