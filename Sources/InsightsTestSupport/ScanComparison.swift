public import InsightsEngine
internal import InsightsModel
public import InsightsQuery
internal import InsightsStore

/// Compares what a query gives with and without the ways in which scans save work.
public enum ScanComparison {
  /// All together, those that take work from SQL, the others, and all but what groups rows.
  private static let fewChoices: [ScanTechniques] = [
    .all, .pushdowns, ScanTechniques.all.subtracting(.pushdowns),
    ScanTechniques.all.subtracting([.groups, .threads]),
  ]
  /// All together, and each switched off alone.
  private static let choices: [ScanTechniques] =
    [.all] + (0..<12).map { ScanTechniques.all.subtracting(ScanTechniques(rawValue: 1 << $0)) }

  /// Tells of the first choice that gives other rows, or another failure, than none of them.
  ///
  /// With `inFull` each way is switched off alone.
  public static func difference(
    of source: SourceText, on engine: Engine, options: Binder.Options, inFull: Bool
  ) throws -> String? {
    let choices = inFull ? choices : fewChoices
    let expected = try outcome(of: source, on: engine, options, .none)
    for choice in choices {
      let found = try outcome(of: source, on: engine, options, choice)
      if found != expected {
        return """
          \(String(decoding: source.bytes, as: UTF8.self))
          with techniques \(String(choice.rawValue, radix: 2)):
          \(found)
          without any:
          \(expected)
          """
      }
    }
    return nil
  }

  /// Which of two equal numbers, 5 and 5.0, stands for a group is left open.
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
    _ techniques: ScanTechniques
  ) throws -> Outcome {
    do {
      let table = try engine.answer(source, options: options, techniques: techniques).table
      return .rows(table.rows.map { $0.map(normalized) })
    } catch let error as StoreError {
      return .failure(error)
    }
  }
}
