/// Memory that grows at its end, and is written without bounds checks.
package struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
  package private(set) var start: UnsafeMutablePointer<Element>
  private var capacity: Int
  package var count = 0

  package init(capacity: Int = 64) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  /// Its memory in bytes.
  package var byteCount: Int { capacity * MemoryLayout<Element>.stride }

  deinit {
    start.deallocate()
  }

  /// Reserves room for further elements.
  @inline(__always)
  mutating func reserve(_ additional: Int) {
    if capacity - count < additional { grow(additional) }
  }

  @inline(never)
  private mutating func grow(_ additional: Int) {
    capacity = (count + additional) * 2
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }

  /// Appends an element; there must be room for it.
  @inline(__always)
  mutating func appendReserved(_ element: Element) {
    start[count] = element
    count &+= 1
  }

  /// Appends an element.
  @inline(__always)
  package mutating func append(_ element: Element) {
    reserve(1)
    appendReserved(element)
  }

  /// Appends elements.
  @inline(__always)
  package mutating func append(_ source: UnsafePointer<Element>, count: Int) {
    reserve(count)
    (start + self.count).update(from: source, count: count)
    self.count &+= count
  }

  /// The elements; valid until one is added.
  @inline(__always)
  var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: start, count: count) }
}
