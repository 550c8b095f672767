/// A fenced block of a Markdown page.
public struct FencedBlock: Sendable {
  /// The path of the page from the project's root.
  public var page: String
  /// The line of its first fence, from 1.
  public var line: Int
  /// What the fence names: `insights`, `sh`, `console`.
  public var language: String
  public var body: String

  /// The blocks of a page that are in one of the languages.
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
