/// Why a scan could not be carried out.
enum ScanFailure: Error {
  /// A pattern ran away on some event, or on many together.
  case patternTooExpensive
  case store(StoreError)
}
