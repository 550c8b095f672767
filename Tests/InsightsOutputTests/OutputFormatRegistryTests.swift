import InsightsOutput
import Testing

@Suite struct OutputFormatRegistryTests {
  @Test("every format has a name of its own and a summary, and is found by its name")
  func descriptors() {
    let descriptors = OutputFormatRegistry.all.map { $0.descriptor }
    #expect(Set(descriptors.map(\.name)).count == descriptors.count)
    for descriptor in descriptors {
      #expect(!descriptor.summary.isEmpty)
      #expect(!descriptor.summary.hasSuffix("."))
      #expect(OutputFormatRegistry.formatter(named: descriptor.name, for: .none) != nil)
    }
  }

  @Test("table is the default, and unknown names are refused")
  func names() {
    #expect(OutputFormatRegistry.all.first?.descriptor.name == "table")
    #expect(OutputFormatRegistry.formatter(named: "JSON", for: .none) == nil)
    #expect(OutputFormatRegistry.formatter(named: "", for: .none) == nil)
  }
}
