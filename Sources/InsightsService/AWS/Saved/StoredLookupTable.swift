internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText

/// A lookup table that a client has saved in the store, for `lookup` and `cidrlookup`.
struct StoredLookupTable {
  static let kind = "lookup-table"
  static let countLimit = 100
  static let name = Shape.string(1...256, pattern: "^[a-zA-Z0-9_]+$")
  static let body = Shape.string(1...10_485_760)

  var name: String
  var description: String?
  var body: String
  var kmsKeyID: String?
  /// Epoch milliseconds.
  var modified: Int64

  init(_ request: AWSRequest, name: String) {
    self.name = name
    description = request.string("description")
    body = request.required("tableBody")
    kmsKeyID = request.string("kmsKeyId").flatMap { $0.isEmpty ? nil : $0 }
    modified = LogService.now
  }

  init?(_ document: StoredDocument) {
    guard let object = (try? JSONValue(parsing: Array(document.content.utf8)))?.object,
      let body = object["tableBody"]?.string
    else { return nil }
    name = document.name
    description = object["description"]?.string
    self.body = body
    kmsKeyID = object["kmsKeyId"]?.string
    modified = document.modified
  }

  var document: StoredDocument {
    var content: JSONObject = ["tableBody": .string(body)]
    content["description"] = description.map { .string($0) }
    content["kmsKeyId"] = kmsKeyID.map { .string($0) }
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
    "arn:aws:logs:\(region):\(ResourceName.unknownAccount):lookup-table:\(name)"
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
    let name = try name(inARN: arn)
    guard let table = try engine.document(kind: kind, named: name).flatMap({ Self($0) }) else {
      throw AWSError.notFound("The lookup table '\(name)' does not exist.")
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
