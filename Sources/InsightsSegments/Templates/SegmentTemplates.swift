package import InsightsModel
package import InsightsText

/// The messages of a stored segment as templates and variables.
///
/// Not thread-safe.
package final class SegmentTemplates {
  let templates: MessageTemplates
  private let source: Source
  private lazy var composer = MessageComposer(templates, timestamps: source.timestamps)
  private var knownFields: [Int: [TemplateField]]?
  private var knownCaptures: [GlobPattern: TemplateCaptures] = [:]

  /// Reads the blocks, and records why one could not be read.
  private final class Source {
    let segment: Int64
    let eventCount: Int
    let blocks: any BlockSource
    var error: StoreError?
    var times: [Int64]?

    init(_ directory: SegmentDirectory, _ blocks: any BlockSource) {
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

  /// `nil` if the messages are plain text.
  init?(_ directory: SegmentDirectory, _ blocks: any BlockSource) throws(StoreError) {
    source = Source(directory, blocks)
    guard let found = try Self.directory(of: directory, blocks) else { return nil }
    templates = MessageTemplates(found, load: source.bytes)
  }

  /// Returns how the messages are composed, which `blocks` may have kept.
  private static func directory(
    of directory: SegmentDirectory, _ blocks: any BlockSource
  ) throws(StoreError) -> TemplateDirectory? {
    if let kept = blocks.templates?.templates(of: directory.id) { return kept }
    guard let block = try blocks.bytes(.messages(.templates), of: directory.id) else { return nil }
    guard let decoded = TemplateDirectory(block, eventCount: directory.eventCount) else {
      throw blocks.damage
    }
    blocks.templates?.keep(decoded, of: directory.id)
    return decoded
  }

  /// Sets the times of the events, if they have already been decoded.
  func take(timestamps: [Int64]) { source.times = timestamps }

  /// Returns the messages of some events, concatenated.
  func messages(of events: some Sequence<UInt16>) throws(StoreError) -> SegmentText {
    guard let text = composer.messages(of: events) else { throw source.failure }
    return SegmentText(bytes: text.bytes, offsets: text.offsets)
  }

  /// Returns the sizes in bytes of the messages of some events.
  func messageByteCounts(of events: [UInt16]) throws(StoreError) -> [Int] {
    guard let counts = composer.byteCounts(of: events) else { throw source.failure }
    return counts
  }

  /// Returns the column of the field at an index of the directory; `rest` contains the values that
  /// are not in templates.
  func field(at index: Int, with rest: FieldColumn?) throws(StoreError) -> FieldColumn {
    var column = TemplateFieldColumn(try places(ofField: index), templates, composer)
    guard let values = column.column(with: rest) else { throw source.failure }
    return values
  }

  /// Returns a field's values in some events, one per event, and the events of templates without
  /// the field.
  ///
  /// The field is identified by its index in the directory. Returns `nil` if some values are not
  /// numbers.
  func numbers(
    ofField index: Int, of events: [UInt16]
  ) throws(StoreError) -> (values: FieldColumn, others: [UInt16])? {
    TemplateFieldColumn(try places(ofField: index), templates, composer).numbers(of: events)
  }

  private func places(ofField index: Int) throws(StoreError) -> [TemplateField] {
    if knownFields == nil, let block = source.bytes(.fields) {
      knownFields = TemplateField.fields(in: block, of: templates)
    }
    guard let places = knownFields?[index] else { throw source.failure }
    return places
  }

  /// Returns the positions of a glob's captures in the templates.
  package func captures(of glob: GlobPattern) throws(StoreError) -> TemplateCaptures {
    if let known = knownCaptures[glob] { return known }
    guard let captures = TemplateCaptures(glob, in: templates) else { throw source.failure }
    knownCaptures[glob] = captures
    return captures
  }

  /// Returns the values of a capture, and which events' values must be read from the messages
  /// instead; `nil` if there are none.
  ///
  /// Captures are numbered from 0. `asNumbers`: a text that is a number is returned as that number.
  package func values(
    ofCapture number: Int, of captures: TemplateCaptures, asNumbers: Bool
  ) throws(StoreError) -> (column: FieldColumn, isOpen: [Bool]?) {
    var column = TemplateFieldColumn(
      captures.fields(ofCapture: number, asNumbers: asNumbers), templates, composer,
      keepsIntegers: true)
    guard let values = column.column(with: nil), let indexes = templates.indexes() else {
      throw source.failure
    }
    let isOpen = captures.openTemplates(ofCapture: number)
    return (values, isOpen.map { isOpen in indexes.map { isOpen[Int($0)] } })
  }

  /// Returns the number of messages that contain one of the literals, and whether any message was
  /// read.
  package func count(_ literals: [TemplateLiteral]) throws(StoreError) -> (
    count: Int, hasReadMessages: Bool
  ) {
    var searches: [TemplateSearch] = []
    for literal in literals {
      guard let search = TemplateSearch(literal, in: templates, self.composer) else {
        throw source.failure
      }
      searches.append(search)
    }
    guard let count = TemplateSearch.count(searches, in: templates) else { throw source.failure }
    return (count, searches.contains(where: \.hasReadVariables))
  }

  /// Marks the events whose message contains a literal; returns whether any message had to be read.
  package func mark(_ literal: TemplateLiteral, in isHit: inout [Bool]) throws(StoreError) -> Bool {
    guard let search = TemplateSearch(literal, in: templates, self.composer),
      search.mark(&isHit)
    else { throw source.failure }
    return search.hasReadVariables
  }
}
