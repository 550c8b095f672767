internal import InsightsText

/// Builds the column of a discovered field from the templates that contain it.
///
/// Functions return `nil` for a damaged part.
struct TemplateFieldColumn {
  private let templates: MessageTemplates
  private let composer: MessageComposer
  private let fields: [TemplateField]
  /// Whether integers must remain integers if other values are real numbers.
  private let keepsIntegers: Bool
  private var values: [FieldColumn.Value] = []
  private var texts = Texts()
  private var indexes: [UInt16] = []
  /// The index of the value for each dictionary text, and for each UUID; `noIndex` until it is
  /// used.
  private var valuesOfTexts: [UInt16] = []
  private var valuesOfUUIDs: [UInt16] = []

  /// The maximum range of integers that are stored as a dictionary.
  private static let closeLimit = 4096

  init(
    _ fields: [TemplateField], _ templates: MessageTemplates, _ composer: MessageComposer,
    keepsIntegers: Bool = false
  ) {
    self.fields = fields
    self.keepsIntegers = keepsIntegers
    self.templates = templates
    self.composer = composer
  }

  /// Returns the values of all events; `rest` contains those of events whose templates lack the
  /// field.
  mutating func column(with rest: FieldColumn?) -> FieldColumn? {
    if let numbers = numbers(with: rest) { return numbers }
    indexes = Array(repeating: SegmentReader.noIndex, count: templates.eventCount)
    switch rest {
    case .dictionary(let values, let texts, let indexes):
      self.values = values
      self.texts = texts
      self.indexes = indexes
    case .integers(let integers):
      for event in integers.indices where integers[event] != SegmentReader.missing {
        indexes[event] = add(.integer(integers[event]))
      }
    case .reals(let reals):
      for event in reals.indices where !reals[event].isNaN {
        indexes[event] = add(.real(reals[event]))
      }
    case .inMessages, nil: break
    }
    for field in fields {
      guard let events = templates.events(of: field.template), add(field, of: events) else {
        return nil
      }
    }
    return .dictionary(values: values, texts: texts, indexes: indexes)
  }

  // MARK: Dictionaries

  private mutating func add(_ value: FieldColumn.Value) -> UInt16 {
    values.append(value)
    return UInt16(truncatingIfNeeded: values.count - 1)
  }

  private mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> UInt16 {
    texts.append(text)
    return add(.text(texts.count - 1))
  }

  /// Adds the values of the events of a field's template; returns false if a part is damaged.
  private mutating func add(_ field: TemplateField, of events: ArraySlice<UInt16>) -> Bool {
    switch field.place {
    case .text(let range):
      let start = templates.templates[field.template].text.lowerBound
      let value = templates.texts.withUnsafeBufferPointer { bytes in
        texts.value(
          FieldValue(
            field.kind,
            UnsafeBufferPointer(
              rebasing: bytes[start + range.lowerBound..<start + range.upperBound])))
      }
      let index = add(value)
      for event in events { indexes[Int(event)] = index }
      return true
    case .slot(let slot):
      let place = templates.templates[field.template].slots.lowerBound + slot
      guard let type = MessageTemplates.slot(templates.slots[place]),
        let numbers = templates.values(ofSlot: place)
      else { return false }
      return add(numbers, of: place, type, field, events)
    }
  }

  private mutating func add(
    _ numbers: UnsafeBufferPointer<Int64>, of place: Int, _ type: TemplateSlot,
    _ field: TemplateField, _ events: ArraySlice<UInt16>
  ) -> Bool {
    let first = events.startIndex
    switch type {
    case .text:
      guard let dictionary = templates.dictionary()?.texts else { return false }
      if valuesOfTexts.isEmpty {
        valuesOfTexts = Array(repeating: SegmentReader.noIndex, count: dictionary.count)
      }
      return dictionary.bytes.withUnsafeBufferPointer { bytes in
        for (rank, number) in numbers.enumerated() {
          guard let number = Int(exactly: number), valuesOfTexts.indices.contains(number) else {
            return false
          }
          if valuesOfTexts[number] == SegmentReader.noIndex {
            valuesOfTexts[number] = add(
              UnsafeBufferPointer(rebasing: bytes[dictionary.range(of: number)]))
          }
          indexes[Int(events[first + rank])] = valuesOfTexts[number]
        }
        return true
      }
    case .uuid:
      guard let uuids = templates.uuids() else { return false }
      if valuesOfUUIDs.isEmpty {
        valuesOfUUIDs = Array(repeating: SegmentReader.noIndex, count: uuids.count)
      }
      for (rank, number) in numbers.enumerated() {
        guard let number = Int(exactly: number), valuesOfUUIDs.indices.contains(number) else {
          return false
        }
        if valuesOfUUIDs[number] == SegmentReader.noIndex {
          uuids[number].append(to: &texts.bytes)
          texts.offsets.append(UInt32(truncatingIfNeeded: texts.bytes.count))
          valuesOfUUIDs[number] = add(.text(texts.count - 1))
        }
        indexes[Int(events[first + rank])] = valuesOfUUIDs[number]
      }
      return true
    case .integer where field.kind == .number:
      for (rank, number) in numbers.enumerated() {
        indexes[Int(events[first + rank])] = add(.integer(number))
      }
      return true
    case .integer, .decimal:
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { room in
        guard let text = room.baseAddress else { return false }
        for (rank, number) in numbers.enumerated() {
          guard type == .integer || number & 15 != 0 else { return false }
          let count =
            type == .integer
            ? MessageComposer.write(number, to: text)
            : MessageComposer.write(DecimalValue(packed: number), to: text)
          let written = UnsafeBufferPointer(start: text, count: count)
          indexes[Int(events[first + rank])] = add(
            texts.value(FieldValue(field.kind, written)))
        }
        return true
      }
    case .time, .spacedTime, .spacedCommaTime, .second, .spacedSecond:
      return composer.forEachTime(of: place, type, ofTemplate: field.template) { rank, text in
        indexes[Int(events[first + rank])] = add(text)
      }
    }
  }

  // MARK: Numbers

  /// The numbers of a template's events.
  private enum Numbers {
    case one(FieldValue)
    case integers(UnsafeBufferPointer<Int64>)
    /// The numbers as `DecimalValue.packed`.
    case decimals(UnsafeBufferPointer<Int64>)

    /// The bounds if all are integers within 64 bits; otherwise `nil`.
    var bounds: ClosedRange<Int64>? {
      switch self {
      case .one(.integer(let integer)): return integer...integer
      case .integers(let values):
        guard var least = values.first else { return 0...0 }
        var greatest = least
        for value in values {
          least = min(least, value)
          greatest = max(greatest, value)
        }
        return least...greatest
      case .one, .decimals: return nil
      }
    }
  }

  /// Returns the column if all values are numbers; `nil` otherwise, and if a part is damaged.
  private func numbers(with rest: FieldColumn?) -> FieldColumn? {
    guard let rest = numbers(of: rest) else { return nil }
    var parts: [(events: ArraySlice<UInt16>, numbers: Numbers)] = []
    for field in fields {
      guard field.kind == .number, let numbers = numbers(of: field),
        let events = templates.events(of: field.template)
      else { return nil }
      parts.append((events, numbers))
    }
    guard case .integers(let integers) = rest else { return reals(parts, rest) }
    var bounds = Self.bounds(of: integers)
    for part in parts {
      guard let other = part.numbers.bounds else { return reals(parts, rest) }
      bounds =
        min(
          bounds?.lowerBound ?? other.lowerBound, other.lowerBound)...max(
          bounds?.upperBound ?? other.upperBound, other.upperBound)
    }
    guard let bounds else { return nil }
    if bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound).overflow
      || bounds.upperBound - bounds.lowerBound >= Self.closeLimit
    {
      return self.integers(parts, integers)
    }
    return dictionary(parts, integers, bounds)
  }

  /// Returns the values outside templates as `.integers` or `.reals`, empty if there are none;
  /// `nil` if some are not numbers.
  private func numbers(of rest: FieldColumn?) -> FieldColumn? {
    switch rest {
    case nil: return .integers([])
    case .integers, .reals: return rest
    case .inMessages: return nil
    case .dictionary(let values, _, let indexes):
      var integers: [Int64] = []
      var reals: [Double] = []
      for value in values {
        switch value {
        case .integer(let integer):
          integers.append(integer)
          reals.append(FieldColumn.isSafe(integer) ? Double(integer) : .nan)
        case .real(let real): reals.append(real)
        case .text: return nil
        }
      }
      if integers.count == values.count {
        return .integers(
          indexes.map { $0 == SegmentReader.noIndex ? SegmentReader.missing : integers[Int($0)] })
      }
      guard !reals.contains(where: \.isNaN) else { return nil }
      return .reals(indexes.map { $0 == SegmentReader.noIndex ? .nan : reals[Int($0)] })
    }
  }

  private static func bounds(of integers: [Int64]) -> ClosedRange<Int64>? {
    var least = Int64.max
    var greatest = Int64.min
    for value in integers where value != SegmentReader.missing {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    return least <= greatest ? least...greatest : nil
  }

  private func numbers(of field: TemplateField) -> Numbers? {
    let template = templates.templates[field.template]
    switch field.place {
    case .text(let range):
      let start = template.text.lowerBound
      return templates.texts.withUnsafeBufferPointer { bytes in
        let text = bytes[start + range.lowerBound..<start + range.upperBound]
        let value = FieldValue(field.kind, UnsafeBufferPointer(rebasing: text))
        switch value {
        case .integer, .real: return .one(value)
        case .text, .unescaped: return nil
        }
      }
    case .slot(let slot):
      let place = template.slots.lowerBound + slot
      guard let values = templates.values(ofSlot: place) else { return nil }
      switch MessageTemplates.slot(templates.slots[place]) {
      case .integer: return .integers(values)
      case .decimal: return .decimals(values)
      default: return nil
      }
    }
  }

  /// Returns the numbers of some events, one per event, and the events of templates without the
  /// field; `nil` if some values are not numbers, or if a block is damaged.
  func numbers(of events: [UInt16]) -> (values: FieldColumn, others: [UInt16])? {
    guard let indexes = templates.indexes(), let ranks = templates.ranks() else { return nil }
    var places = [Int](repeating: -1, count: templates.templates.count)
    for (place, field) in fields.enumerated() {
      guard field.kind == .number else { return nil }
      places[field.template] = place
    }
    var parts: [Numbers?] = Array(repeating: nil, count: fields.count)
    var integers = [Int64](repeating: SegmentReader.missing, count: events.count)
    var reals = [Double](repeating: .nan, count: events.count)
    var hasReals = false
    var others: [UInt16] = []
    for (index, event) in events.enumerated() {
      let place = places[Int(indexes[Int(event)])]
      if place < 0 {
        others.append(event)
        continue
      }
      if parts[place] == nil { parts[place] = numbers(of: fields[place]) }
      let rank = Int(ranks[Int(event)])
      switch parts[place] {
      case .one(.integer(let value)): integers[index] = value
      case .integers(let values): integers[index] = values[rank]
      case .one(.real(let value)):
        reals[index] = value
        hasReals = true
      case .decimals(let values):
        guard values[rank] & 15 != 0 else { return nil }
        reals[index] = DecimalValue(packed: values[rank]).double
        hasReals = true
      case .one, nil: return nil
      }
    }
    guard hasReals else { return (.integers(integers), others) }
    for index in integers.indices where integers[index] != SegmentReader.missing {
      guard FieldColumn.isSafe(integers[index]) else { return nil }
      reals[index] = Double(integers[index])
    }
    return (.reals(reals), others)
  }

  /// Calls `body` with each event of a part and its rank in it.
  @inline(__always)
  private func forEach(_ events: ArraySlice<UInt16>, _ body: (_ rank: Int, _ event: Int) -> Void) {
    events.withUnsafeBufferPointer { events in
      for rank in 0..<events.count { body(rank, Int(events[rank])) }
    }
  }

  private func integers(
    _ parts: [(events: ArraySlice<UInt16>, numbers: Numbers)], _ rest: [Int64]
  ) -> FieldColumn? {
    var integers =
      rest.isEmpty
      ? [Int64](repeating: SegmentReader.missing, count: templates.eventCount) : rest
    integers.withUnsafeMutableBufferPointer { integers in
      for part in parts {
        switch part.numbers {
        case .one(.integer(let value)): forEach(part.events) { integers[$1] = value }
        case .integers(let values): forEach(part.events) { integers[$1] = values[$0] }
        case .one, .decimals: break
        }
      }
    }
    return .integers(integers)
  }

  /// Returns a dictionary of integers that lie close together.
  private func dictionary(
    _ parts: [(events: ArraySlice<UInt16>, numbers: Numbers)], _ rest: [Int64],
    _ bounds: ClosedRange<Int64>
  ) -> FieldColumn? {
    let least = bounds.lowerBound
    // First 1 for each integer that occurs, then the index of its value.
    var numbers = [UInt16](repeating: 0, count: Int(bounds.upperBound - least) + 1)
    var places = [UInt16](repeating: SegmentReader.noIndex, count: templates.eventCount)
    var values: [FieldColumn.Value] = []
    numbers.withUnsafeMutableBufferPointer { numbers in
      places.withUnsafeMutableBufferPointer { places in
        for event in rest.indices where rest[event] != SegmentReader.missing {
          let place = Int(rest[event] &- least)
          numbers[place] = 1
          places[event] = UInt16(truncatingIfNeeded: place)
        }
        for part in parts {
          switch part.numbers {
          case .one(.integer(let value)):
            let place = Int(value &- least)
            numbers[place] = 1
            forEach(part.events) { places[$1] = UInt16(truncatingIfNeeded: place) }
          case .integers(let values):
            forEach(part.events) {
              let place = Int(values[$0] &- least)
              numbers[place] = 1
              places[$1] = UInt16(truncatingIfNeeded: place)
            }
          case .one, .decimals: break
          }
        }
        for place in numbers.indices where numbers[place] != 0 {
          numbers[place] = UInt16(truncatingIfNeeded: values.count)
          values.append(.integer(least + Int64(place)))
        }
        for event in places.indices where places[event] != SegmentReader.noIndex {
          places[event] = numbers[Int(places[event])]
        }
      }
    }
    return .dictionary(values: values, texts: Texts(), indexes: places)
  }

  /// Returns `nil` if an integer is too large for a `Double` or must remain an integer, or if a
  /// block is damaged.
  private func reals(
    _ parts: [(events: ArraySlice<UInt16>, numbers: Numbers)], _ rest: FieldColumn
  ) -> FieldColumn? {
    if keepsIntegers, parts.contains(where: { $0.numbers.bounds != nil }) { return nil }
    var reals = [Double](repeating: .nan, count: templates.eventCount)
    var isExact = true
    switch rest {
    case .reals(let values): reals = values
    case .integers(let values):
      for event in values.indices where values[event] != SegmentReader.missing {
        isExact = isExact && FieldColumn.isSafe(values[event])
        reals[event] = Double(values[event])
      }
    case .dictionary, .inMessages: break
    }
    reals.withUnsafeMutableBufferPointer { reals in
      for part in parts {
        switch part.numbers {
        case .one(.real(let value)): forEach(part.events) { reals[$1] = value }
        case .one(.integer(let value)):
          isExact = isExact && FieldColumn.isSafe(value)
          forEach(part.events) { reals[$1] = Double(value) }
        case .integers(let values):
          forEach(part.events) {
            isExact = isExact && FieldColumn.isSafe(values[$0])
            reals[$1] = Double(values[$0])
          }
        case .decimals(let values):
          forEach(part.events) {
            isExact = isExact && values[$0] & 15 != 0
            reals[$1] = DecimalValue(packed: values[$0]).double
          }
        case .one: isExact = false
        }
      }
    }
    return isExact ? .reals(reals) : nil
  }
}

extension Texts {
  /// Returns a value in the form of the column; a text is added to its texts.
  mutating func value(_ value: FieldValue) -> FieldColumn.Value {
    switch value {
    case .integer(let integer): return .integer(integer)
    case .real(let real): return .real(real)
    case .text(let text): append(text)
    case .unescaped(let text): text.withUnsafeBufferPointer { append($0) }
    }
    return .text(count - 1)
  }
}

extension DecimalValue {
  /// The nearest `Double`, equal to the result of `NumericText.number` for the text.
  var double: Double {
    // Digits and power are both exact as Double, so the single division rounds once.
    if digits.magnitude < 1 << 53 { return Double(digits) / Double(power) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { room in
      guard let text = room.baseAddress else { return .nan }
      let count = MessageComposer.write(self, to: text)
      return FieldValue(.number, UnsafeBufferPointer(start: text, count: count)).number ?? .nan
    }
  }
}
