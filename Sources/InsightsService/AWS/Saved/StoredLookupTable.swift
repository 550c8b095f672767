internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText

/// A lookup table that a client has saved in the store, for `lookup` and `cidrlookup`.
struct StoredLookupTable {
  static let kind = "lookup-table"
  static let countLimit = 100
  static let name = Shape.string(1...256, pattern: "^[a-zA-Z0-9_]+$")
  static let body = Shape.string(1...bodyLimit)
  private static let bodyLimit = 10_485_760

  var name: String
  var description: String?
  var body: String
  var kmsKeyID: String?
  var tags: [String: String] = [:]
  /// Epoch milliseconds.
  var modified: Int64

  /// Makes the table of a request, whose content is in the request or is the result of a query.
  ///
  /// - Throws: `AWSError`.
  init(_ request: AWSRequest, name: String, in service: LogService) throws {
    self.name = name
    description = request.string("description")
    switch (request.string("tableBody"), request.string("queryId")) {
    case (let body?, nil): self.body = body
    case (nil, let id?): body = try Self.body(ofQuery: id, in: service)
    default: throw AWSError.invalidParameter("Specify either tableBody or queryId, but not both.")
    }
    kmsKeyID = request.string("kmsKeyId").flatMap { $0.isEmpty ? nil : $0 }
    tags = request.texts("tags")
    modified = LogService.now
  }

  /// Returns the rows of a completed or cancelled query, as CSV with a header.
  private static func body(ofQuery id: String, in service: LogService) throws -> String {
    guard let query = service.queries.query(id) else {
      throw AWSError.invalidParameter("The query '\(id)' does not exist.")
    }
    guard [.complete, .cancelled].contains(query.status) else {
      throw AWSError.invalidParameter(
        "The query has to be completed or cancelled (status: \(query.status.rawValue)).")
    }
    let names = query.columnNames.filter { $0 != "@ptr" }
    guard !names.isEmpty else {
      throw AWSError.invalidParameter("The query was stopped before it had columns.")
    }
    var bytes: [UInt8] = []
    let writer = CSVTable(columnNames: names)
    writer.appendHead(to: &bytes)
    for piece in query.rows.pieces(of: 0..<query.rows.count, byteCount: 1 << 20) {
      let rows = try JSONValue(
        parsing: [UInt8(ascii: "[")] + query.rows.joined(piece) + [UInt8(ascii: "]")])
      for row in rows.array ?? [] {
        var values: [String: String] = [:]
        for field in row.array ?? [] {
          guard let field = field.object, let name = field["field"]?.string else { continue }
          values[name] = field["value"]?.string
        }
        writer.append(names.map { values[$0] }, to: &bytes)
      }
      guard bytes.count <= bodyLimit else {
        throw AWSError("LimitExceededException", "The results of the query have more than 10 MB.")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  init?(_ document: StoredDocument) {
    guard let object = (try? JSONValue(parsing: Array(document.content.utf8)))?.object,
      let body = object["tableBody"]?.string
    else { return nil }
    name = document.name
    description = object["description"]?.string
    self.body = body
    kmsKeyID = object["kmsKeyId"]?.string
    for member in object["tags"]?.object?.members ?? [] { tags[member.name] = member.value.string }
    modified = document.modified
  }

  var document: StoredDocument {
    var content: JSONObject = ["tableBody": .string(body)]
    content["description"] = description.map { .string($0) }
    content["kmsKeyId"] = kmsKeyID.map { .string($0) }
    if !tags.isEmpty { content["tags"] = .object(JSONObject(tags)) }
    return StoredDocument(
      kind: Self.kind, name: name, modified: modified, content: JSONValue.object(content).text)
  }

  /// Returns the parsed table.
  ///
  /// - Throws: `AWSError` for a body that is not a table.
  func table() throws(AWSError) -> LookupTable {
    do throws(LookupTable.CSVError) {
      return try LookupTable(csv: Array(body.utf8), name: name)
    } catch {
      throw AWSError(
        "ValidationException",
        "The table body is not valid, in line \(error.line): \(error.reason)")
    }
  }

  static func arn(_ name: String, in region: String) -> String {
    "arn:aws:logs:\(region):\(AccountNumber.unknown):lookup-table:\(name)"
  }

  /// Returns the name in an ARN.
  ///
  /// - Throws: `AWSError` for anything else.
  static func name(inARN text: String) throws(AWSError) -> String {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 7, parts[0] == "arn", parts[2] == "logs", parts[5] == "lookup-table" else {
      throw .invalidParameter("'\(text)' is not the ARN of a lookup table.")
    }
    return String(parts[6])
  }

  /// Returns the table that an ARN identifies.
  ///
  /// - Throws: `AWSError`, `StoreError`.
  static func stored(_ arn: String, in engine: Engine) throws -> StoredLookupTable {
    try stored(named: name(inARN: arn), in: engine)
  }

  /// Returns the table with a name.
  ///
  /// - Throws: `AWSError`, `StoreError`.
  static func stored(named name: String, in engine: Engine) throws -> StoredLookupTable {
    try found(engine.document(kind: kind, named: name), name)
  }

  /// Returns the table in the document that was read for a name.
  ///
  /// - Throws: `AWSError` if there is no document.
  static func found(_ document: StoredDocument?, _ name: String) throws(AWSError) -> Self {
    guard let table = document.flatMap({ Self($0) }) else {
      throw .notFound("The lookup table '\(name)' does not exist.")
    }
    return table
  }
}

extension LogService {
  /// Returns the lookup tables of the store that a query uses; the binder reports missing ones.
  ///
  /// - Throws: `AWSError`, `StoreError`.
  func lookupTables(usedBy source: SourceText, of engine: Engine) throws -> [LookupTable] {
    var tables: [LookupTable] = []
    for name in source.lookupTableNames where !tables.contains(where: { $0.name == name }) {
      guard let document = try engine.document(kind: StoredLookupTable.kind, named: name),
        let stored = StoredLookupTable(document)
      else { continue }
      tables.append(try stored.table())
    }
    return tables
  }
}
