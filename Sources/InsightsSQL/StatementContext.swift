internal import InsightsModel
internal import InsightsQuery

/// The shared state of a statement's parts: the relations that they read, and the blocks of nested
/// plans.
final class StatementContext {
  /// The capabilities of scans of events, and the optimizations that they may use.
  let capabilities: ScanCapabilities
  let optimizations: ScanOptimizations
  /// A relation, with the columns that the statement reads.
  final class RelationColumns {
    let name: String
    let content: String
    /// The columns, in order of first use.
    private(set) var columns: [SQLRelation.Column] = []
    private var names = UniqueNames()
    private var namesOfFields: [String: String] = [:]

    init(name: String, content: String) {
      self.name = name
      self.content = content
    }

    /// Returns the name in SQL of a field.
    func column(for field: String) -> String {
      if let name = namesOfFields[field] { return name }
      let name = names.name(like: field)
      namesOfFields[field] = name
      columns.append(SQLRelation.Column(field: field, name: name))
      return name
    }
  }

  /// The requests for scans, by the name of their relation.
  private(set) var requests: [String: ScanRequest] = [:]
  /// The operations that SQL performs on the rows of each of these scans, with the reasons.
  private(set) var localSteps: [String: [String]] = [:]
  private var used: [RelationColumns] = []
  private var copies: [(name: String, original: RelationColumns)] = []
  private var numberCount = 0
  private var blocks: [(name: String, block: SelectBlock)] = []

  init(capabilities: ScanCapabilities, optimizations: ScanOptimizations) {
    self.capabilities = capabilities
    self.optimizations = optimizations
  }

  var relations: [SQLRelation] {
    used.map { SQLRelation(name: $0.name, content: $0.content, columns: $0.columns) }
      + copies.map {
        SQLRelation(name: $0.name, content: $0.original.content, columns: $0.original.columns)
      }
  }

  /// Returns the columns of a relation that a plan reads.
  ///
  /// Each scan of a scanned relation has its own columns; for other relations, all uses share them.
  func columns(of relation: Relation, planner: ScanPlanner?) -> RelationColumns {
    var name = relation.name
    if relation == .events || capabilities.relations.contains(name) {
      let count = used.count { $0.content == name }
      if count > 0 { name += " \(count + 1)" }
      requests[name] = planner?.request
      localSteps[name] = planner?.localSteps
    } else if let columns = used.first(where: { $0.name == name }) {
      return columns
    }
    let columns = RelationColumns(name: name, content: relation.name)
    used.append(columns)
    return columns
  }

  /// Whether a relation is a table of the store, rather than a scan or the rows of a lookup table.
  func isTable(_ relation: RelationColumns) -> Bool {
    (relation.content == Relation.errors.name || relation.content == Relation.invocations.name)
      && !capabilities.relations.contains(relation.content)
  }

  /// Returns another name for a relation with the same columns.
  ///
  /// SQLite would compute all rows of a relation that a statement reads twice by one name.
  func copy(of relation: RelationColumns) -> String {
    let name = "\(relation.name) \(nextNumber() + 1)"
    copies.append((name, relation))
    return name
  }

  /// Returns a number that is unique in the statement.
  func nextNumber() -> Int {
    numberCount += 1
    return numberCount
  }

  /// Adds a block that is computed before all others; returns its name.
  func add(_ block: SelectBlock, called kind: String) -> String {
    let name = "\(kind) \(blocks.count + 1)"
    blocks.append((name, block))
    return name
  }

  /// The blocks as parts of a WITH clause; each is computed once.
  var steps: [SQLFragment] {
    blocks.map { name, block in
      .identifier(name) + SQLFragment(sql: " AS MATERIALIZED (\n  ")
        + block.rendered().indented(by: 2) + SQLFragment(sql: "\n)")
    }
  }
}

/// Assigns names that are unique in SQL.
///
/// SQL ignores case in names, but the language does not: `Level` beside `level` becomes `Level:2`.
/// A name cannot be empty, contain a NUL, at which SQLite stops reading, or be `true` or `false`,
/// which SQLite does not keep as a column name.
struct UniqueNames {
  private var taken: Set<String> = ["", "true", "false"]

  /// Returns an unused name.
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
