/// The bytes of a text as the readers take them.
func withBytes<Result>(
  of text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
) rethrows -> Result {
  try withBytes(Array(text.utf8), body)
}

/// Bytes in memory of exactly their size, so that a sanitizer sees a read behind the end.
func withBytes<Result>(
  _ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
) rethrows -> Result {
  let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
  defer { memory.deallocate() }
  _ = memory.initialize(from: bytes)
  return try body(UnsafeBufferPointer(memory))
}
