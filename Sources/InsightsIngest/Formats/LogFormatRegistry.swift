/// The log formats, in the order in which they are tried on a file.
public enum LogFormatRegistry {
  static let formats: [any LogFormat.Type] = [
    FilterLogEventsFormat.self,
    S3ExportFormat.self,
    PlainTextFormat.self,
  ]

  /// What there is to tell of each format.
  public static var descriptors: [LogFormatDescriptor] { formats.map { $0.descriptor } }

  /// The first format that recognises the beginning of a file; plain text takes anything.
  static func format(recognizing head: UnsafeBufferPointer<UInt8>) -> any LogFormat.Type {
    formats.first { $0.recognizes(head) } ?? PlainTextFormat.self
  }

  static func format(named name: String) -> (any LogFormat.Type)? {
    formats.first { $0.descriptor.name == name }
  }
}
