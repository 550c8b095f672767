/// The system fields of events, each in one entry: its name, its type and its column in tables.
///
/// The raw value is the name in queries. A new field is a case here; the compiler then asks how its
/// values are read from segments (`ScanSegment`).
public enum SystemField: String, CaseIterable, Sendable {
  case timestamp = "@timestamp"
  case message = "@message"
  case logStream = "@logStream"
  /// The log group with its account, `123456789012:/aws/lambda/orders`.
  case log = "@log"
  case ingestionTime = "@ingestionTime"
  case pointer = "@ptr"
  case type = "@type"
  case requestID = "@requestId"
  case duration = "@duration"
  case billedDuration = "@billedDuration"
  case memorySize = "@memorySize"
  case maxMemoryUsed = "@maxMemoryUsed"
  case initDuration = "@initDuration"
  case xrayTraceID = "@xrayTraceId"
  case xraySegmentID = "@xraySegmentId"
  // Those that CloudWatch does not have.
  case logGroup = "@logGroup"
  case eventID = "@eventId"
  case position = "@position"

  /// The fields that CloudWatch lists for events, in the order of lists.
  public static let listed = allCases.filter { ![.logGroup, .eventID, .position].contains($0) }

  /// The fields of raw events in exports, in the order of the columns.
  public static let exported: [SystemField] = [
    .timestamp, .ingestionTime, .log, .logGroup, .logStream, .eventID, .requestID, .type, .message,
  ]

  /// The type of its values.
  public var valueType: ValueType {
    switch self {
    case .timestamp, .ingestionTime: .timestamp
    case .position: .number
    default: isReportNumber ? .number : .text
    }
  }

  /// Whether it is a number of Lambda's REPORT lines: decimal bytes or milliseconds.
  public var isReportNumber: Bool {
    switch self {
    case .duration, .billedDuration, .memorySize, .maxMemoryUsed, .initDuration: true
    default: false
    }
  }

  /// Whether every event has it.
  public var isAlwaysPresent: Bool {
    switch self {
    case .timestamp, .message, .logStream, .log, .ingestionTime, .pointer: true
    default: false
    }
  }

  /// Whether tables contain it; the others are made of fields that they contain.
  public var isStored: Bool { self != .log && self != .pointer }

  /// The name of its column in tables.
  public var column: String {
    switch self {
    case .timestamp: "timestamp_ms"
    case .message: "message"
    case .logStream: "log_stream"
    case .log: "log"
    case .ingestionTime: "ingestion_time_ms"
    case .pointer: "pointer"
    case .type: "type"
    case .requestID: "request_id"
    case .duration: "duration"
    case .billedDuration: "billed_duration"
    case .memorySize: "memory_size"
    case .maxMemoryUsed: "max_memory_used"
    case .initDuration: "init_duration"
    case .xrayTraceID: "xray_trace_id"
    case .xraySegmentID: "xray_segment_id"
    case .logGroup: "log_group"
    case .eventID: "event_id"
    case .position: "position"
    }
  }
}
