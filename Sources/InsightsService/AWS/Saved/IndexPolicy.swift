internal import InsightsEngine
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// The indexed fields of a log group, as a client has set them.
///
/// The indexes themselves are those of `insights index`: one per field, over all log groups.
struct IndexPolicy {
  static let kind = "index-policy"
  private static let fieldLimit = 20
  private static let fieldLength = 1...100

  var logGroup: String
  var text: String
  /// Epoch milliseconds.
  var modified: Int64

  init(logGroup: String, text: String) {
    self.logGroup = logGroup
    self.text = text
    modified = LogService.now
  }

  init(_ document: StoredDocument) {
    logGroup = document.name
    text = document.content
    modified = document.modified
  }

  var document: StoredDocument {
    StoredDocument(kind: Self.kind, name: logGroup, modified: modified, content: text)
  }

  func json(in region: String) -> JSONValue {
    [
      "logGroupIdentifier": .string(ResourceName(region: region, logGroup: logGroup).text),
      "lastUpdateTime": .integer(modified), "policyDocument": .string(text),
      "source": "LOG_GROUP",
    ]
  }

  /// Returns the fields in a policy's text: `{"Fields": […]}`, `{"FieldsV2": {"name": {"type":
  /// …}}}`.
  ///
  /// - Throws: `AWSError` for any other text.
  static func fields(of text: String) throws(AWSError) -> [String] {
    guard let object = (try? JSONValue(parsing: Array(text.utf8)))?.object,
      object["Fields"] != nil || object["FieldsV2"] != nil
    else {
      throw .invalidParameter(
        #"The policy document is not valid: it takes {"Fields": ["name"]} or {"FieldsV2": {"name": {"type": "FIELD_INDEX"}}}."#
      )
    }
    var fields: [String] = []
    if let list = object["Fields"] {
      guard let elements = list.array, elements.allSatisfy({ $0.string != nil }) else {
        throw .invalidParameter("The policy document is not valid: Fields is a list of names.")
      }
      fields += elements.compactMap(\.string)
    }
    if let map = object["FieldsV2"] {
      guard let members = map.object?.members,
        members.allSatisfy({
          ["FIELD_INDEX", "FACET"].contains($0.value.object?["type"]?.string ?? "")
        })
      else {
        throw .invalidParameter(
          "The policy document is not valid: each of FieldsV2 has a type, FIELD_INDEX or FACET.")
      }
      fields += members.map(\.name)
    }
    fields = fields.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    guard !fields.isEmpty, fields.count <= fieldLimit else {
      throw .invalidParameter("A field index policy has from 1 to \(fieldLimit) fields.")
    }
    guard fields.allSatisfy({ fieldLength.contains($0.unicodeScalars.count) }) else {
      throw .invalidParameter(
        "The name of a field has from 1 to \(fieldLength.upperBound) characters.")
    }
    return fields
  }
}

extension AWSRequest {
  /// Returns the name of the log group that a member identifies, which must exist.
  ///
  /// - Throws: `AWSError`, `StoreError`.
  func existingLogGroup(_ identifier: String, in engine: Engine) throws -> String {
    let name = ResourceName.logGroup(of: identifier)
    guard try engine.hasLogGroup(named: name) else { throw AWSError.logGroupMissing }
    return name
  }
}
