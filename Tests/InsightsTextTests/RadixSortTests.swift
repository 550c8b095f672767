import InsightsTestSupport
import InsightsText
import Testing

@Suite("sorting by digits")
struct RadixSortTests {
  @Test("equal to the sort of the library", arguments: [0, 1, 1024, 1025, 100_000])
  func radixSort(count: Int) {
    var generator = SeededGenerator(state: 5)
    for limit in [UInt32(3), 70_000, .max] {
      var numbers = (0..<count).map { _ in UInt32.random(in: 0...limit, using: &generator) }
      let sorted = numbers.sorted()
      numbers.sortByRadix()
      #expect(numbers == sorted)
    }
  }

  @Test("numbers that are nearly sorted", arguments: [0, 1, 12, 13, 1000, 50_000])
  func nearlySorted(lateCount: Int) {
    var generator = SeededGenerator(state: 7)
    var numbers = (0..<100_000).map { UInt32($0) * 40_000 }
    for _ in 0..<lateCount {
      let place = Int.random(in: 0..<numbers.count, using: &generator)
      numbers[place] = UInt32.random(in: 0...numbers[place], using: &generator)
    }
    let sorted = numbers.sorted()
    #expect(numbers.mergedInOrder(with: []) == numbers)
    numbers.sortByRadix()
    #expect(numbers == sorted)
    let odd = sorted.filter { $0 % 3 == 1 }
    #expect(odd.mergedInOrder(with: sorted) == (odd + sorted).sorted())
  }
}
