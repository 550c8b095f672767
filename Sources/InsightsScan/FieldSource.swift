internal import InsightsModel
internal import InsightsSegments

/// The source of a field's values in `events`.
enum FieldSource: Hashable {
  /// A system field; `ScanSegment` reads it.
  case system(SystemField)
  /// A field of the JSON in the message; `id` is its id in the table `fields`, `nil` for a name
  /// that no ingested event has.
  case discovered(name: String, id: Int64?)
  /// A system field of CloudWatch that only the carrier of an event contains, such as
  /// `@aws.region`.
  case attribute(name: String)

  /// The number of REPORT lines that the field is, if any.
  var reportColumn: ReportColumns.Number? {
    switch self {
    case .system(.duration): .duration
    case .system(.billedDuration): .billedDuration
    case .system(.memorySize): .memorySize
    case .system(.maxMemoryUsed): .maxMemoryUsed
    case .system(.initDuration): .initDuration
    default: nil
    }
  }

  /// `fieldIDs` are `fields.id` by name.
  init(field name: String, fieldIDs: [[UInt8]: Int64]) {
    if let known = SystemField(rawValue: name) {
      self = .system(known)
    } else if name.hasPrefix("@"), !name.hasPrefix("@@") {
      self = .attribute(name: name)
    } else {
      self = .discovered(name: name, id: fieldIDs[Array(name.utf8)])
    }
  }
}
