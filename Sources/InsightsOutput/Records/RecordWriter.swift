/// Writes records one after the other, however many there are, each as soon as it is known.
public protocol RecordWriter {
  /// Makes a writer of records with these fields.
  init(fields: [String])

  /// Appends what stands before the first record.
  func appendHead(to output: inout OutputBuffer)

  /// Appends a record, a value for each field.
  func append(_ record: [RecordField], to output: inout OutputBuffer)
}
