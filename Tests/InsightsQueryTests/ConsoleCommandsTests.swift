import Foundation
import Testing

@testable import InsightsQuery

/// The console builds further queries from a query, such as those of the histogram.
///
/// Which commands it keeps there stands in its `language.js`.
@Suite("commands that the console knows")
struct ConsoleCommandsTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/CConsoleAssets/console/language.js")

  /// Commands without an effect on the set of rows that nevertheless look at several rows.
  private static let windows: Set = ["accum", "autoregress", "filldown", "sessionize"]
  /// Commands that make rows of each row by itself.
  private static let multipliers: Set = ["unnest", "expand"]

  private static func words(of name: String) throws -> Set<String> {
    let text = try String(contentsOf: script, encoding: .utf8)
    let list = try #require(
      text.firstMatch(of: try Regex(#"const \#(name) = new Set\(\[([^\]]*)\]"#)))
    let words = try #require(list.output[1].substring).matches(of: /"([a-z]+)"/)
    return Set(words.map { String($0.output.1) })
  }

  @Test(
    "are those that the compiler has, with the same effects", arguments: CommandRegistry.all.indices
  )
  func lists(index: Int) throws {
    let command = CommandRegistry.all[index]
    let names = [command.descriptor.keyword] + command.descriptor.aliases
    let effects = command.traits.effects
    let isOfEachEvent =
      effects.isSubset(of: [.filters, .replacesFields])
      && command.descriptor.keyword != "display"
      && !Self.windows.contains(command.descriptor.keyword)
      && command.traits.placement.isAnywhereOrFirst
    let isKept = isOfEachEvent || Self.multipliers.contains(command.descriptor.keyword)
    let isShown =
      effects == .sorts || effects == .limits || command.descriptor.keyword == "display"
    let (kept, shown) = (try Self.words(of: "ROW_COMMANDS"), try Self.words(of: "SHOW_COMMANDS"))
    for name in names {
      #expect(kept.contains(name) == isKept, "\(name) in ROW_COMMANDS")
      #expect(shown.contains(name) == isShown, "\(name) in SHOW_COMMANDS")
    }
  }
}

extension CommandTraits.Placement {
  fileprivate var isAnywhereOrFirst: Bool {
    if case .behindPatterns = self { false } else { true }
  }
}
