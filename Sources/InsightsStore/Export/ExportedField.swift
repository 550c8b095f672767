/// A field of a raw event in exports, in the order of the columns.
public enum ExportedField: String, CaseIterable, Sendable {
  case timestamp = "@timestamp"
  case ingestionTime = "@ingestionTime"
  case log = "@log"
  case logGroup = "@logGroup"
  case logStream = "@logStream"
  case eventID = "@eventId"
  case requestID = "@requestId"
  case type = "@type"
  case message = "@message"

  /// Whether its values are epoch milliseconds; all others are text.
  public var isTime: Bool { self == .timestamp || self == .ingestionTime }

  /// The name of its column in a database.
  var column: String {
    switch self {
    case .timestamp: "timestamp_ms"
    case .ingestionTime: "ingestion_time_ms"
    case .log: "log"
    case .logGroup: "log_group"
    case .logStream: "log_stream"
    case .eventID: "event_id"
    case .requestID: "request_id"
    case .type: "type"
    case .message: "message"
    }
  }
}
