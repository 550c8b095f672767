/// The value of a field of a record; the record's creator owns the text.
public enum RecordField {
  case missing
  /// Epoch milliseconds.
  case time(Int64)
  case text(UnsafeBufferPointer<UInt8>)
}
