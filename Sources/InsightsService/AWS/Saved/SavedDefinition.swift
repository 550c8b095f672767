internal import InsightsEngine
internal import InsightsStore
internal import InsightsText

/// A saved query of the API: one that a client has saved in the store, or one of the query pack,
/// which is read-only.
struct SavedDefinition {
  static let kind = "query-definition"
  static let countLimit = 1000
  private static let packPrefix = "insights-pack:"

  var id: String
  var name: String
  var queryString: String
  var logGroupNames: [String]
  /// `{name, defaultValue, description}`.
  var parameters: [JSONValue]
  /// Epoch milliseconds.
  var modified: Int64

  /// Whether an id is that of a query of the pack.
  static func isOfPack(_ id: String) -> Bool { id.hasPrefix(packPrefix) }

  init(_ query: SavedQuery) {
    id = Self.packPrefix + query.name
    name = "insights/" + query.name
    queryString = query.text
    logGroupNames = []
    parameters = query.parameters.map { parameter in
      var entry: JSONObject = ["name": .string(parameter.name)]
      entry["defaultValue"] = parameter.defaultValue.map { .string($0) }
      if !parameter.description.isEmpty { entry["description"] = .string(parameter.description) }
      return .object(entry)
    }
    modified = 0
  }

  /// Makes a new version of a definition from a request; nothing of the old one is kept.
  init(_ request: AWSRequest, id: String) {
    self.id = id
    name = request.required("name")
    queryString = request.required("queryString")
    logGroupNames = request.strings("logGroupNames") ?? []
    parameters = request.array("parameters") ?? []
    modified = LogService.now
  }

  init?(_ document: StoredDocument) {
    guard let object = (try? JSONValue(parsing: Array(document.content.utf8)))?.object,
      let name = object["name"]?.string, let text = object["queryString"]?.string
    else { return nil }
    id = document.name
    self.name = name
    queryString = text
    logGroupNames = object["logGroupNames"]?.array?.compactMap(\.string) ?? []
    parameters = object["parameters"]?.array ?? []
    modified = document.modified
  }

  var document: StoredDocument {
    let content: JSONValue = [
      "name": .string(name), "queryString": .string(queryString),
      "logGroupNames": .strings(logGroupNames), "parameters": .array(parameters),
    ]
    return StoredDocument(kind: Self.kind, name: id, modified: modified, content: content.text)
  }

  var json: JSONValue {
    var object: JSONObject = [
      "queryLanguage": "CWLI", "queryDefinitionId": .string(id), "name": .string(name),
      "queryString": .string(queryString), "lastModified": .integer(modified),
      "logGroupNames": .strings(logGroupNames),
    ]
    if !parameters.isEmpty { object["parameters"] = .array(parameters) }
    return .object(object)
  }
}
