/// Slots for results that different threads fill, one each.
package final class Slots<Element> {
  private let memory: UnsafeMutableBufferPointer<Element?>

  package init(count: Int) {
    memory = .allocate(capacity: count)
    memory.initialize(repeating: nil)
  }

  deinit {
    memory.deinitialize()
    memory.deallocate()
  }

  package subscript(index: Int) -> Element? {
    get { memory[index] }
    set { memory[index] = newValue }
  }

  /// The filled slots, in order.
  var all: [Element] { memory.compactMap { $0 } }
}
