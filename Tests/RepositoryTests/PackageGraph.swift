import Foundation
import InsightsTestSupport

/// The targets of Package.swift and what they depend on, read from its text.
struct PackageGraph {
  /// The names of the targets, as they stand there.
  private(set) var order: [String] = []
  /// Targets and products, by the name of the target that depends on them.
  private(set) var dependencies: [String: [String]] = [:]

  /// - Throws: where the file cannot be read.
  init() throws {
    let text = try Repository.text(of: "Package.swift")
    guard let start = text.range(of: "  targets: [") else { return }
    let target = try Regex(#"\.(?:target|executableTarget|testTarget|systemLibrary)\("#)
    for part in text[start.upperBound...].split(separator: target).dropFirst() {
      guard let name = Self.quoted(part.prefix { $0 != "," && $0 != ")" }).first else { continue }
      order.append(name)
      guard let list = part.range(of: "dependencies: [") else {
        dependencies[name] = []
        continue
      }
      // A product stands for its name, whatever its package and condition.
      let product = try Regex(#"\.product\(\s*name: ("\w+")(?:[^()]|\([^()]*\))*\)"#)
      let entries = part[list.upperBound...].replacing(product) { match in
        match.output[1].substring.map(String.init) ?? ""
      }
      dependencies[name] = Self.quoted(entries.prefix { $0 != "]" })
    }
  }

  /// The texts between quotation marks.
  private static func quoted(_ text: some StringProtocol) -> [String] {
    text.components(separatedBy: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }
}
