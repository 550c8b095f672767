/// The definition of a table on a ClickHouse server.
public struct ClickHouseTable: Sendable {
  public struct Column: Sendable {
    public let name: String
    /// The ClickHouse type, as in `system.columns`.
    public let type: String
    var codec = ""
    /// The text after the type in the definition.
    var comment = ""

    init(_ name: String, _ type: String, codec: String = "", _ comment: String = "") {
      self.name = name
      self.type = type
      self.codec = codec
      self.comment = comment
    }
  }

  public let name: String
  /// The columns, in the order in which rows are inserted.
  public let columns: [Column]
  /// The definitions of data skipping indexes.
  var indexes: [String] = []
  var partition: String
  var order: String
  var settings: [String] = []

  /// The statement `INSERT INTO … (…) FORMAT RowBinary` for rows with all columns in order.
  public var insertion: String {
    "INSERT INTO \(name) (\(columns.map(\.name).joined(separator: ", "))) FORMAT RowBinary"
  }

  /// Returns the statements that create the table with a layout if it is missing.
  func statements(_ layout: ClickHouseSchema.Layout) -> [String] {
    let cluster = layout.onCluster
    let local = layout.cluster == nil ? name : name + ClickHouseSchema.localSuffix
    let definitions =
      columns.map { column in
        (
          "\(column.name) \(column.type)"
            + (column.codec.isEmpty ? "" : " CODEC(\(column.codec))"), column.comment
        )
      } + indexes.map { ("INDEX \($0)", "") }
    let lines = definitions.enumerated().map { index, definition in
      let (text, comment) = definition
      let comma = index == definitions.count - 1 ? "" : ","
      return "  \(text)\(comma)" + (comment.isEmpty ? "" : "  -- \(comment)")
    }
    let body = lines.joined(separator: "\n")
    let settings = settings.isEmpty ? "" : "\nSETTINGS " + settings.joined(separator: ", ")
    var statements = [
      """
      CREATE TABLE IF NOT EXISTS \(local)\(cluster) (
      \(body)
      )
      ENGINE = \(layout.engine(ofTable: local))
      PARTITION BY \(partition)
      ORDER BY \(order)\(settings)
      """
    ]
    if let name = layout.cluster {
      // All events of a stream are on one shard, where its facts are derived.
      statements.append(
        """
        CREATE TABLE IF NOT EXISTS \(self.name)\(cluster) AS \(local)
        ENGINE = Distributed(\(ClickHouseSchema.literal(name)), currentDatabase(), \(local), \
        cityHash64(log_group, log_stream))
        """)
    }
    return statements
  }
}
