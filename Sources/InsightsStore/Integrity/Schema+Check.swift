extension Schema {
  /// Checks that a store has the tables, indexes and views of this version, to the letter, and
  /// nothing else.
  ///
  /// So a statement of ours means what it says: no trigger runs, and no view of a stranger.
  ///
  /// - Throws: `StoreError.damaged` for another schema.
  static func check(_ connection: Connection) throws(StoreError) {
    let statement = try connection.prepare(
      "SELECT type, name, sql FROM main.sqlite_schema ORDER BY rowid")
    var missing = definitions
    while try statement.step() {
      // SQLite makes the indexes of UNIQUE constraints itself.
      if statement.isNull(at: 2), statement.text(at: 0) == "index" { continue }
      guard let index = missing.firstIndex(of: statement.text(at: 2)) else {
        throw .damaged(
          path: connection.path,
          reason:
            "\(statement.text(at: 0)) '\(statement.text(at: 1))' is not one that insights makes")
      }
      missing.remove(at: index)
    }
    if let definition = missing.first {
      throw .damaged(path: connection.path, reason: "\(name(of: definition)) is missing")
    }
  }

  /// Such as: table 'errors'.
  private static func name(of definition: String) -> String {
    let words = definition.split { " (\n".contains($0) }
    let kind = words.dropFirst().prefix(2).last { ["TABLE", "INDEX", "VIEW"].contains($0) } ?? ""
    let name = words.drop { $0 != kind }.dropFirst().first ?? ""
    return "\(kind.lowercased()) '\(name)'"
  }

  /// The statements as SQLite keeps them: without what stands between them.
  private static let definitions: [String] = {
    var definitions: [String] = []
    var isOpen = false
    for line in statements.split(separator: "\n") where isOpen || line.hasPrefix("CREATE ") {
      let isLast = line.hasSuffix(";")
      let text = isLast ? line.dropLast() : line
      if isOpen {
        definitions[definitions.count - 1] += "\n" + text
      } else {
        definitions.append(String(text))
      }
      isOpen = !isLast
    }
    return definitions
  }()
}
