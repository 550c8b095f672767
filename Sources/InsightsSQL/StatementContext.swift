internal import InsightsModel
internal import InsightsQuery

/// What the parts of one statement share: the relations that they read, and the blocks of plans
/// inside the plan.
final class StatementContext {
  /// What scans of events can do of the plans, and what they may.
  let capabilities: ScanCapabilities
  let techniques: ScanTechniques
  /// A relation, with what the statement wants of it.
  final class RelationColumns {
    let name: String
    let content: String
    /// In order of first use.
    private(set) var columns: [SQLRelation.Column] = []
    private var names = UniqueNames()
    private var namesOfFields: [String: String] = [:]

    init(name: String, content: String) {
      self.name = name
      self.content = content
    }

    /// The name in SQL of a field.
    func column(for field: String) -> String {
      if let name = namesOfFields[field] { return name }
      let name = names.name(like: field)
      namesOfFields[field] = name
      columns.append(SQLRelation.Column(field: field, name: name))
      return name
    }
  }

  /// What is asked of the scans, by the names of their relations.
  private(set) var requests: [String: ScanRequest] = [:]
  private var used: [RelationColumns] = []
  private var numberCount = 0
  private var blocks: [(name: String, block: SelectBlock)] = []

  init(capabilities: ScanCapabilities, techniques: ScanTechniques) {
    self.capabilities = capabilities
    self.techniques = techniques
  }

  var relations: [SQLRelation] {
    used.map { SQLRelation(name: $0.name, content: $0.content, columns: $0.columns) }
  }

  /// The columns of what a scan reads: of events each its own, of anything else the same for every
  /// scan.
  func columns(of relation: Relation, request: ScanRequest?) -> RelationColumns {
    var name = relation.name
    if relation == .events {
      let count = used.count { $0.content == name }
      if count > 0 { name += " \(count + 1)" }
      requests[name] = request
    } else if let columns = used.first(where: { $0.name == name }) {
      return columns
    }
    let columns = RelationColumns(name: name, content: relation.name)
    used.append(columns)
    return columns
  }

  /// A number that no other part of the statement has.
  func nextNumber() -> Int {
    numberCount += 1
    return numberCount
  }

  /// Adds a block that the statement computes before all others, and gives its name there.
  func add(_ block: SelectBlock, called kind: String) -> String {
    let name = "\(kind) \(blocks.count + 1)"
    blocks.append((name, block))
    return name
  }

  /// The blocks as parts of a WITH clause: each is computed once, whatever reads it.
  var steps: [SQLFragment] {
    blocks.map { name, block in
      .identifier(name) + SQLFragment(sql: " AS MATERIALIZED (\n  ")
        + block.rendered().indented(by: 2) + SQLFragment(sql: "\n)")
    }
  }
}

/// Names that SQL tells apart.
///
/// SQL ignores case in names, the language does not: `Level` beside `level` becomes `Level:2`. Nor can
/// a name be empty, hold a NUL, at which SQLite stops reading, or be `true` or `false`, which SQLite
/// does not keep as the name of a column.
struct UniqueNames {
  private var taken: Set<String> = ["", "true", "false"]

  /// A name that was not given before.
  mutating func name(like name: String) -> String {
    let name = String(String.UnicodeScalarView(name.unicodeScalars.filter { $0 != "\0" }))
    var unique = name
    var number = 2
    while !taken.insert(unique.lowercased()).inserted {
      unique = "\(name):\(number)"
      number += 1
    }
    return unique
  }
}
