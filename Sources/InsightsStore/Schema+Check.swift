internal import InsightsModel
internal import InsightsSQLite

extension Schema {
  /// Checks that a store has exactly the tables, indexes and views of this version, and nothing
  /// else.
  ///
  /// Foreign triggers or views could change the meaning of this program's statements.
  ///
  /// - Throws: `StoreError.damaged` for another schema.
  static func check(_ connection: Connection) throws(StoreError) {
    let statement = try connection.prepare(
      "SELECT type, name, sql FROM main.sqlite_schema ORDER BY rowid")
    if try isWhole(statement) { return }
    statement.reset()
    try fail(statement, of: connection)
  }

  /// Whether the definitions are those of `statements`, in order.
  ///
  /// It compares bytes for speed, as every command begins with it.
  private static func isWhole(_ statement: Statement) throws(StoreError) -> Bool {
    let text = Array(statements.utf8)
    var position = definition(in: text, from: 0)
    while try statement.step() {
      if isMadeBySQLite(statement) { continue }
      let found = statement.bytes(at: 2)
      let end = position + found.count
      guard !found.isEmpty, end < text.count, text[end] == UInt8(ascii: ";"),
        text[position..<end].elementsEqual(found)
      else { return false }
      position = definition(in: text, from: end + 1)
    }
    return position == text.count
  }

  /// Returns the start of the next definition, after empty lines and comments.
  private static func definition(in text: [UInt8], from start: Int) -> Int {
    var position = start
    while position < text.count, text[position] != UInt8(ascii: "C") {
      while position < text.count, text[position] != UInt8(ascii: "\n") { position += 1 }
      position = min(position + 1, text.count)
    }
    return position
  }

  /// Whether a row is an index that SQLite creates for a UNIQUE constraint.
  private static func isMadeBySQLite(_ statement: Statement) -> Bool {
    statement.isNull(at: 2) && statement.text(at: 0) == "index"
  }

  /// Reports which definition is unknown or missing.
  private static func fail(
    _ statement: Statement, of connection: Connection
  ) throws(StoreError) {
    var missing = definitions
    while try statement.step() {
      if isMadeBySQLite(statement) { continue }
      guard let index = missing.firstIndex(of: statement.text(at: 2)) else {
        throw .damaged(
          path: connection.path,
          reason:
            "\(statement.text(at: 0)) '\(statement.text(at: 1))' is not one that insights makes")
      }
      missing.remove(at: index)
    }
    let reason = missing.first.map { "\(name(of: $0)) is missing" } ?? "its schema is in disorder"
    throw .damaged(path: connection.path, reason: reason)
  }

  /// Such as: table 'sources'.
  private static func name(of definition: String) -> String {
    let words = definition.split { " (\n".contains($0) }
    let kind = words.dropFirst().prefix(2).last { ["TABLE", "INDEX", "VIEW"].contains($0) } ?? ""
    let name = words.drop { $0 != kind }.dropFirst().first ?? ""
    return "\(kind.lowercased()) '\(name)'"
  }

  /// The statements as SQLite stores them, without the text between them.
  private static var definitions: [String] {
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
  }
}
