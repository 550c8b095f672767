public import InsightsEngine
internal import InsightsModel
public import InsightsQuery
internal import InsightsStore

/// Compares the results of a query with and without scan optimizations.
public enum ScanComparison {
  /// Four sets: all; those that replace work of SQL; the others; and all except grouping.
  private static let fewChoices: [ScanOptimizations] = [
    .all, .pushdowns, ScanOptimizations.all.subtracting(.pushdowns),
    ScanOptimizations.all.subtracting([.groups, .threads]),
  ]
  /// All together, and all except one.
  private static let choices: [ScanOptimizations] =
    [.all]
    + (0..<ScanOptimizations.count).map {
      ScanOptimizations.all.subtracting(ScanOptimizations(rawValue: 1 << $0))
    }

  /// Returns a description of the first set of optimizations that changes the rows or the error;
  /// `nil` if there is none.
  ///
  /// With `inFull` each optimization is switched off alone.
  public static func difference(
    of source: SourceText, on engine: Engine, options: Binder.Options, inFull: Bool
  ) throws -> String? {
    let choices = inFull ? choices : fewChoices
    // The first choice reads what the others are kept.
    engine.cacheDirectories(in: Store.DirectoryMemory())
    let expected = try outcome(of: source, on: engine, options, .none)
    for choice in choices {
      let found = try outcome(of: source, on: engine, options, choice)
      if found != expected {
        return """
          \(String(decoding: source.bytes, as: UTF8.self))
          with optimizations \(String(choice.rawValue, radix: 2)):
          \(found)
          without any:
          \(expected)
          """
      }
    }
    return nil
  }

  /// Either of two equal numbers, 5 and 5.0, may stand for a group.
  private static func normalized(_ value: Value) -> Value {
    if case .real(let number) = value, let integer = Int64(exactly: number) {
      return .integer(integer)
    }
    return value
  }

  private enum Outcome: Equatable {
    case rows([[Value]])
    case failure(StoreError)
  }

  private static func outcome(
    of source: SourceText, on engine: Engine, _ options: Binder.Options,
    _ optimizations: ScanOptimizations
  ) throws -> Outcome {
    do {
      let table = try engine.answer(source, options: options, optimizations: optimizations).table
      return .rows(table.rows.map { $0.map(normalized) })
    } catch let error as StoreError {
      return .failure(error)
    }
  }
}
