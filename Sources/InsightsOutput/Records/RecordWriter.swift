/// Writes any number of records one by one.
public protocol RecordWriter {
  /// Makes a writer for records with these fields.
  init(fields: [String])

  /// Appends what precedes the first record, such as a header.
  func appendHead(to output: inout OutputBuffer)

  /// Appends a record; it has one value for each field.
  func append(_ record: [RecordField], to output: inout OutputBuffer)
}
