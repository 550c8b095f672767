public import InsightsStore
public import InsightsText

/// Reads what the messages of stored events say: their columns, and the fields in their JSON.
///
/// Not thread-safe.
public final class StoredEventReader {
  private let classifier = EventClassifier()
  /// Has read the JSON object whose offset the columns of the last message tell.
  public let leaves = JSONLeafReader()
  private var messageCount = 0

  public init() {}

  /// The columns of a message.
  ///
  /// `isLambda`: text before a JSON object is looked through.
  public func columns(
    of message: UnsafeBufferPointer<UInt8>, isLambda: Bool
  ) -> EventColumns {
    var columns = EventColumns()
    classifier.read(message, isLambda: isLambda, leaves: leaves, into: &columns)
    messageCount += 1
    // What it keeps for those who encode segments is of no use here.
    if messageCount.isMultiple(of: 4096) { _ = classifier.takeLines() }
    return columns
  }
}
