internal import InsightsModel
internal import InsightsSegments

/// The source of a field's values in `events`.
enum FieldSource: Hashable {
  case timestamp, ingestionTime, message, type, requestID, eventID, position, pointer
  case logStream, logGroup, log
  case duration, billedDuration, memorySize, maxMemoryUsed, initDuration
  case xrayTraceID, xraySegmentID
  /// A field of the JSON in the message; `id` is its id in the table `fields`, `nil` for a name
  /// that no ingested event has.
  case discovered(name: String, id: Int64?)
  /// A system field of CloudWatch that only the carrier of an event contains, such as
  /// `@aws.region`.
  case attribute(name: String)

  /// The number of REPORT lines that the field is, if any.
  var reportColumn: ReportColumns.Number? {
    switch self {
    case .duration: .duration
    case .billedDuration: .billedDuration
    case .memorySize: .memorySize
    case .maxMemoryUsed: .maxMemoryUsed
    case .initDuration: .initDuration
    default: nil
    }
  }

  /// `fieldIDs` are `fields.id` by name.
  init(field name: String, fieldIDs: [[UInt8]: Int64]) {
    if let known = SystemField(rawValue: name) {
      self.init(known)
    } else if name.hasPrefix("@"), !name.hasPrefix("@@") {
      self = .attribute(name: name)
    } else {
      self = .discovered(name: name, id: fieldIDs[Array(name.utf8)])
    }
  }

  private init(_ field: SystemField) {
    self =
      switch field {
      case .timestamp: .timestamp
      case .message: .message
      case .logStream: .logStream
      case .log: .log
      case .ingestionTime: .ingestionTime
      case .pointer: .pointer
      case .type: .type
      case .requestID: .requestID
      case .duration: .duration
      case .billedDuration: .billedDuration
      case .memorySize: .memorySize
      case .maxMemoryUsed: .maxMemoryUsed
      case .initDuration: .initDuration
      case .xrayTraceID: .xrayTraceID
      case .xraySegmentID: .xraySegmentID
      case .logGroup: .logGroup
      case .eventID: .eventID
      case .position: .position
      }
  }
}
