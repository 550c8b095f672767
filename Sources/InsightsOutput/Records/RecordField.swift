/// The value of a field of a record; text belongs to whoever made the record.
public enum RecordField {
  case missing
  /// Epoch milliseconds.
  case time(Int64)
  case text(UnsafeBufferPointer<UInt8>)
}
