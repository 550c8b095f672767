internal import Glibc

/// The part of an input's text that is being read: bytes are appended at its end and removed from
/// its start.
///
/// The text does not move until more is added, so that events can refer to it.
struct TextWindow: ~Copyable {
  private var memory = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  /// The range of the text in `memory`.
  private var range = 0..<0

  deinit {
    memory.deallocate()
  }

  /// The text; valid until something is added.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: memory[range]) }

  var count: Int { range.count }

  var isEmpty: Bool { range.isEmpty }

  /// Removes bytes from the start of the text.
  mutating func removeFirst(_ count: Int) {
    range = range.lowerBound + min(max(count, 0), range.count)..<range.upperBound
  }

  mutating func removeAll() {
    range = 0..<0
  }

  /// Releases memory that the text does not need.
  mutating func shrink() {
    let smaller = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: range.count)
    _ = smaller.update(fromContentsOf: bytes)
    memory.deallocate()
    memory = smaller
    range = 0..<range.count
  }

  /// Returns room for at least `count` bytes after the text, to be written and then added.
  ///
  /// May move the text.
  mutating func room(for count: Int) -> UnsafeMutableBufferPointer<UInt8> {
    if range.lowerBound > 0 {
      // Reusing the same memory keeps it in the processor's caches.
      memory.moveBytes(range, to: 0)
      range = 0..<range.count
    }
    if memory.count - range.count < count {
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(
        capacity: max(range.count + count, memory.count * 2))
      _ = larger.update(fromContentsOf: bytes)
      memory.deallocate()
      memory = larger
    }
    return UnsafeMutableBufferPointer(rebasing: memory[range.upperBound...])
  }

  /// Adds the first `count` bytes of the room.
  mutating func add(_ count: Int) {
    range = range.lowerBound..<min(range.upperBound + max(count, 0), memory.count)
  }

  /// Appends a copy of bytes.
  mutating func add(_ bytes: some Collection<UInt8>) {
    _ = room(for: bytes.count).update(fromContentsOf: bytes)
    add(bytes.count)
  }
}

extension UnsafeMutableBufferPointer<UInt8> {
  /// Moves bytes within the buffer; source and destination may overlap.
  func moveBytes(_ range: Range<Int>, to offset: Int) {
    guard let baseAddress, !range.isEmpty, offset != range.lowerBound,
      range.lowerBound >= 0, range.upperBound <= count, offset >= 0, offset <= count - range.count
    else { return }
    memmove(baseAddress + offset, baseAddress + range.lowerBound, range.count)
  }
}
