internal import InsightsText

/// Finds the body of a dashboard in the documents that contain one.
enum DashboardBody {
  /// The maximum nesting that is searched.
  private static let depthLimit = 24
  /// The names of members whose text is a body.
  private static let names: Set = ["DashboardBody", "dashboard_body", "dashboardBody"]

  /// Returns the first object that has widgets.
  static func find(in value: JSONValue, depth: Int = 0) -> JSONObject? {
    guard depth < depthLimit else { return nil }
    switch value {
    case .object(let object):
      if object["widgets"]?.array != nil { return object }
      for member in object.members {
        if names.contains(member.name), let text = text(of: member.value),
          let body = try? JSONValue(parsing: Array(text.utf8)),
          let found = find(in: body, depth: depth + 1)
        {
          return found
        }
        if let found = find(in: member.value, depth: depth + 1) { return found }
      }
      return nil
    case .array(let elements):
      for element in elements {
        if let found = find(in: element, depth: depth + 1) { return found }
      }
      return nil
    default: return nil
    }
  }

  /// Returns the text of a template; values known only at deployment are represented by their name.
  private static func text(of value: JSONValue) -> String? {
    if let text = value.string { return text }
    guard let object = value.object else { return nil }
    if let join = object["Fn::Join"]?.array, join.count == 2, let parts = join[1].array {
      return parts.map { part in part.string ?? escaped(name(of: part)) }
        .joined(separator: join[0].string ?? "")
    }
    guard let substitution = object["Fn::Sub"] else { return nil }
    return substitution.string ?? substitution.array?.first?.string
  }

  /// Returns the target of a reference: `{"Ref": "Function"}`, `{"Fn::GetAtt": ["Function",
  /// "Arn"]}`.
  private static func name(of reference: JSONValue) -> String {
    guard let object = reference.object else { return "" }
    if let name = object["Ref"]?.string { return name == "AWS::Region" ? "us-east-1" : name }
    if let attribute = object["Fn::GetAtt"] {
      return attribute.array?.first?.string ?? attribute.string ?? ""
    }
    return object["Fn::ImportValue"]?.string ?? ""
  }

  private static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONWriter.append(string: text, to: &bytes)
    return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
  }
}
