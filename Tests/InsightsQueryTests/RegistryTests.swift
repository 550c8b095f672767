@testable import InsightsQuery
import Testing

@Suite("registries")
struct RegistryTests {
  @Test("registries: no keyword and no function is defined twice")
  func uniqueNames() {
    let keywords = CommandRegistry.keywords
    #expect(Set(keywords).count == keywords.count)
    #expect(keywords.allSatisfy { $0 == $0.lowercased() })

    let names = FunctionRegistry.all.flatMap { [$0.name] + $0.aliases }.map { $0.lowercased() }
    #expect(Set(names).count == names.count)
    #expect(Set(FunctionRegistry.foreignNames.keys).isDisjoint(with: names))
    #expect(Set(FunctionRegistry.foreignNames.values).isSubset(of: Set(names)))
  }

  @Test("registries: every command has a synopsis, a summary and an example of itself")
  func commands() {
    for descriptor in CommandRegistry.all.map({ $0.descriptor }) {
      #expect(descriptor.synopsis.lowercased().hasPrefix(descriptor.keyword))
      #expect(descriptor.summary.hasSuffix("."))
      #expect(!descriptor.examples.isEmpty)
      for example in descriptor.examples {
        let query = BoundQuery(example)
        #expect(query.diagnostics.isEmpty, "\(example)")
        #expect(example.lowercased().contains(descriptor.keyword))
      }
    }
  }

  @Test("registries: every function has a signature, a summary and an example of itself")
  func functions() {
    for function in FunctionRegistry.all {
      #expect(function.signature.hasPrefix(function.name + "("))
      #expect(function.summary.hasSuffix("."))
      #expect(!function.examples.isEmpty, "\(function.name)")
      for example in function.examples {
        #expect(example.call.contains(function.name + "("))
      }
    }
  }
}
