@testable import InsightsQuery
import Testing

@Suite("registries")
struct RegistryTests {
  @Test("registries: no keyword and no function is defined twice")
  func uniqueNames() {
    let keywords = CommandRegistry.keywords
    #expect(Set(keywords).count == keywords.count)
    #expect(keywords.allSatisfy { $0 == $0.lowercased() })

    // An aggregate may be called like a function of single values.
    for isAggregate in [false, true] {
      let names = FunctionRegistry.all.filter { $0.isAggregate == isAggregate }
        .flatMap { [$0.name] + $0.aliases }.map { $0.lowercased() }
      #expect(Set(names).count == names.count)
    }
  }

  @Test("registries: what other languages write is nothing of ours, and its translation is")
  func foreignSyntax() {
    let names = Set(
      FunctionRegistry.all.flatMap { [$0.name] + $0.aliases }.map { $0.lowercased() })
    #expect(names.isDisjoint(with: ForeignSyntax.functions.flatMap(\.words)))
    #expect(
      Set(CommandRegistry.keywords).isDisjoint(with: ForeignSyntax.commands.flatMap(\.words)))
    for habits in [
      ForeignSyntax.commands, ForeignSyntax.operators, ForeignSyntax.signs, ForeignSyntax.functions,
    ] {
      let words = habits.flatMap(\.words)
      #expect(Set(words).count == words.count)
    }
    func line(_ habit: ForeignSyntax.Habit, _ habits: [ForeignSyntax.Habit]) -> String {
      ForeignSyntax.line(for: habit.words[0], in: habits) { _ in nil } ?? ""
    }
    for habit in ForeignSyntax.commands {
      let line = line(habit, ForeignSyntax.commands)
      #expect(BoundQuery(line).diagnostics.isEmpty, "\(line)")
    }
    for habit in ForeignSyntax.functions {
      let line = line(habit, ForeignSyntax.functions)
      let queries = [line, "filter \(line)", "fields \(line)", "stats \(line)"]
      #expect(queries.contains { BoundQuery($0).diagnostics.isEmpty }, "\(line)")
    }
    for habit in ForeignSyntax.operators {
      let line = line(habit, ForeignSyntax.operators)
      let queries = [
        "filter \(line)", "sort \(line)", "stats count(*) by \(line)",
        "stats count(*) as n \(line)",
        "fields status \(line)",
      ]
      #expect(queries.contains { BoundQuery($0).diagnostics.isEmpty }, "\(line)")
    }
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
