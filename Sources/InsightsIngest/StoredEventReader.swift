public import InsightsSegments
internal import InsightsStore
public import InsightsText

/// Reads the columns of stored messages, and the fields in their JSON.
///
/// Not thread-safe.
public final class StoredEventReader {
  private let classifier = EventClassifier()
  /// The reader of JSON fields; it has read the JSON object at the offset in the columns of the
  /// last message.
  public let leaves = JSONLeafReader()

  public init() {}

  /// Reads the columns of a message.
  ///
  /// `isLambda`: a JSON object may follow other text in the message.
  public func columns(
    of message: UnsafeBufferPointer<UInt8>, isLambda: Bool
  ) -> EventColumns {
    var columns = EventColumns()
    classifier.read(message, isLambda: isLambda, leaves: leaves, into: &columns)
    return columns
  }
}
