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

  @Test("every recipe whose programs are here does what it says", arguments: recipes)
  func recipe(block: FencedBlock) throws {
    let program = try Program()
    try FileManager.default.createSymbolicLink(
      atPath: program.path("exported-logs"),
      withDestinationPath: Repository.url("SampleLogs/orders-api").path)
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
    let place = "\(block.page):\(block.line)"
    #expect(output.status == 0, "\(place): \(output.standardOutput)\(output.standardError)")
    #expect(!output.standardError.contains("error"), "\(place): \(output.standardError)")
  }
}
