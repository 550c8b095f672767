public import InsightsQuery

/// A saved query in the form that CloudWatch stores.
public struct ExportedQuery: Hashable, Sendable {
  /// The name; slashes create folders in the console.
  let name: String
  /// The complete text: parameters are filled in, and the comments of `.insights` files are
  /// removed.
  let text: String

  /// CloudWatch's maximum length of a name in characters.
  ///
  /// A query whose name is longer is not exported.
  private static let nameLimit = 255

  /// Prepares a query for AWS; `source` is its text with parameters filled in, `compiled` the
  /// compiled form.
  ///
  /// - Throws: `ExportError` if AWS cannot run or store it.
  public init(
    _ query: SavedQuery, as source: SourceText, compiled: CompiledQuery
  ) throws(ExportError) {
    guard !query.isLocal, compiled.plan.scans.allSatisfy({ $0.relation == .events }),
      !compiled.syntax.hasLocalFunctions
    else {
      throw .local
    }
    // The front matter describes parameters, which are filled in already.
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

/// Why a query cannot be exported to AWS.
public enum ExportError: Error, Hashable, Sendable {
  case local, longName
}

extension ExportError: CustomStringConvertible {
  /// A lower-case phrase.
  public var description: String {
    switch self {
    case .local: "it reads tables that AWS does not have"
    case .longName: "its name is longer than the 255 characters that AWS takes"
    }
  }
}
