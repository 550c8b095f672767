internal import InsightsModel
internal import InsightsText

/// The messages of a stored segment as templates and variables.
///
/// One thread at a time.
final class SegmentTemplates {
  let templates: MessageTemplates
  private let source: Source
  private let composer: MessageComposer
  private var knownFields: [Int: [TemplateField]]?

  /// Reads the blocks, and keeps why one could not be read.
  private final class Source {
    let segment: Int64
    let eventCount: Int
    let blocks: SegmentBlocks
    var error: StoreError?
    var times: [Int64]?

    init(_ directory: SegmentDirectory, _ blocks: SegmentBlocks) {
      segment = directory.id
      eventCount = directory.eventCount
      self.blocks = blocks
    }

    func bytes(_ part: TemplatePart) -> [UInt8]? { bytes(.messages(part)) }

    private func bytes(_ column: SegmentColumn) -> [UInt8]? {
      do throws(StoreError) {
        return try blocks.bytes(column, of: segment)
      } catch {
        self.error = error
        return nil
      }
    }

    func timestamps() -> [Int64]? {
      if let times { return times }
      guard let block = bytes(.timestamps) else { return nil }
      var input = BlockInput(block)
      times = IntegerCodec.integers(from: &input, count: eventCount)
      return times
    }

    var failure: StoreError { error ?? blocks.damage }
  }

  /// `nil` where the messages are plain text.
  init?(_ directory: SegmentDirectory, _ blocks: SegmentBlocks) throws(StoreError) {
    source = Source(directory, blocks)
    guard let block = try blocks.bytes(.messages(.templates), of: directory.id) else { return nil }
    guard
      let templates = MessageTemplates(
        block, eventCount: directory.eventCount, load: source.bytes)
    else { throw blocks.damage }
    self.templates = templates
    composer = MessageComposer(templates, timestamps: source.timestamps)
  }

  /// The events' times, where somebody has decoded them already.
  func take(timestamps: [Int64]) { source.times = timestamps }

  /// The messages of some events, laid end to end.
  func messages(of events: some Sequence<UInt16>) throws(StoreError) -> SegmentText {
    guard let text = composer.messages(of: events) else { throw source.failure }
    return SegmentText(bytes: text.bytes, offsets: text.offsets)
  }

  /// How many bytes the messages of some events have.
  func messageByteCounts(of events: [UInt16]) throws(StoreError) -> [Int] {
    guard let counts = composer.byteCounts(of: events) else { throw source.failure }
    return counts
  }

  /// The column of the field at a place of the directory; `rest` has what is not in templates.
  func field(at index: Int, with rest: FieldColumn?) throws(StoreError) -> FieldColumn {
    if knownFields == nil, let block = source.bytes(.fields) {
      knownFields = TemplateField.fields(in: block, of: templates)
    }
    guard let fields = knownFields?[index] else { throw source.failure }
    var column = TemplateFieldColumn(fields, templates, composer)
    guard let values = column.column(with: rest) else { throw source.failure }
    return values
  }

  /// Marks the events whose message has a literal; says whether any message had to be read.
  func mark(_ search: LiteralSearch, in isHit: inout [Bool]) throws(StoreError) -> Bool {
    guard var search = TemplateSearch(search, in: templates, composer),
      search.mark(&isHit)
    else { throw source.failure }
    return search.hasReadVariables
  }
}
