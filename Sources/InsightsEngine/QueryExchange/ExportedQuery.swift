public import InsightsQuery

/// A saved query as CloudWatch keeps it.
public struct ExportedQuery: Hashable, Sendable {
  /// Slashes make folders in the console.
  public let name: String
  /// Complete: parameters are filled in, and comments that only we understand are gone.
  public let text: String

  /// What CloudWatch takes at most, in characters; a query that is too long does not compile.
  private static let nameLimit = 255

  /// Makes a query ready for AWS; `source` is its text with the parameters filled in, `compiled`
  /// what it means.
  ///
  /// - Throws: `ExportError` when AWS cannot run or keep it.
  public init(
    _ query: SavedQuery, as source: SourceText, compiled: CompiledQuery
  ) throws(ExportError) {
    guard !query.isLocal, compiled.plan.scans.allSatisfy({ $0.relation == .events }),
      !compiled.syntax.hasLocalFunctions
    else {
      throw .local
    }
    // The front matter names parameters that are filled in by now.
    let lines = source[0..<source.bytes.count].split(
      separator: "\n", omittingEmptySubsequences: false)
    var text = lines.drop { $0.hasPrefix("#") }.drop { line in line.allSatisfy(\.isWhitespace) }
      .joined(separator: "\n")
    while text.last?.isWhitespace == true { text.removeLast() }
    let title = query.description ?? query.title
    self.name = query.name
    self.text = (title.map { "# \($0)\n" } ?? "") + text
    guard name.count <= Self.nameLimit else { throw .longName }
  }
}

/// Why a query cannot be handed to AWS.
public enum ExportError: Error, Hashable, Sendable {
  case local, longName
}

extension ExportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .local: "it reads tables that AWS does not have"
    case .longName: "its name is longer than the 255 characters that AWS takes"
    }
  }
}
