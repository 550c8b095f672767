internal import ArgumentParser

/// Options with the values of saved queries' parameters.
struct ParameterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Fills {{name}} in the query; repeatable.", valueName: "name=value"))
  var param: [Parameter] = []

  /// The values by parameter name; of several with one name the last counts.
  var values: [String: String] {
    Dictionary(param.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}

/// `name=value`.
struct Parameter: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let separator = argument.firstIndex(of: "="), separator > argument.startIndex else {
      return nil
    }
    name = String(argument[..<separator])
    value = String(argument[argument.index(after: separator)...])
  }
}
