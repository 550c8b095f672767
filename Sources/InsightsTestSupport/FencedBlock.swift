/// A fenced block of a Markdown page.
public struct FencedBlock: Sendable {
  /// The path of the page, relative to the project's root.
  public var page: String
  /// The line of the opening fence, from 1.
  public var line: Int
  /// The language of the fence: `insights`, `sh`, `console`.
  public var language: String
  /// The lines between the fences.
  public var body: String

  /// Returns the blocks of a page in one of the languages.
  public static func all(in page: String, languages: Set<String>) throws -> [FencedBlock] {
    var blocks: [FencedBlock] = []
    var open: FencedBlock?
    let lines = try Repository.text(of: page)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = FencedBlock(
            page: page, line: index + 1, language: String(line.dropFirst(3)), body: "")
        }
      } else {
        open?.body += line + "\n"
      }
    }
    return blocks.filter { languages.contains($0.language) }
  }
}
