import InsightsScan
import InsightsModel
import InsightsSQL
import InsightsStore
import InsightsTestSupport
import Testing

@testable import InsightsEngine
@testable import InsightsQuery

/// What the entry of a function says, held against what SQLite and the scan compute.
@Suite("spellings and kernels")
struct SpellingTests {
  /// Arguments with which a function has a value; if none are listed, as many numbers as it needs.
  private static func arguments(of id: FunctionID) -> [Value] {
    switch id {
    case .and, .or, .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .equalValues,
      .sortsBefore, .sortsBeforeOrEqual, .sortsAfter, .sortsAfterOrEqual, .plus, .minus, .times,
      .divided, .remainder, .power, .greatest, .least, .round:
      [.integer(7), .integer(2)]
    case .choice: [.integer(1), .text("a"), .text("b")]
    case .coalesce, .concat, .startsWith, .endsWith, .contains, .containsIgnoringCase, .matches,
      .matchesGlob:
      [.text("a"), .text("a")]
    case .haversine: [.integer(1), .integer(2), .integer(3), .integer(4)]
    case .substr: [.text("abc"), .integer(1), .integer(1)]
    case .replace, .regexReplace: [.text("abc"), .text("b"), .text("x")]
    case .base64decode: [.text("SGVsbG8=")]
    case .hexToAscii: [.text("48")]
    case .capture: [.text("abc"), .text("(b)"), .integer(1)]
    case .glob: [.text("abc"), .text("a*"), .integer(1)]
    case .captures: [.text("abc"), .text("(b)")]
    case .jsonSelects: [.text("{\"a\":5}"), .text("[[\"a\"],\"=\",5]")]
    case .spacedField: [.text("a b"), .integer(2), .integer(-1), .integer(1)]
    case .logfmt: [.text("a=1 b=2")]
    case .csv: [.text("a,b"), .integer(1)]
    case .xml: [.text("<a><b>c</b></a>"), .text("/a/b")]
    case .dateFloor, .dateCeil: [.integer(1_672_628_645_000), .integer(1), .text("mo")]
    case .addMonths: [.integer(1_672_628_645_000), .integer(1)]
    case .parseDate: [.text("2023-01-02"), .text("yyyy-MM-dd"), .text("UTC")]
    case .formatDate: [.integer(1_672_628_645_000), .text("%Y"), .text("UTC")]
    case .jsonParse, .jsonArraySize, .elements: [.text("[1]")]
    case .jsonArrayContains: [.text("[1]"), .integer(1)]
    // A map or a list is none of the values that can be written here.
    case .jsonStringify: [.null]
    case .element, .textElement: [.null, .text("a")]
    case .split: [.text("a,b"), .text(",")]
    case .textMember, .numberMember: [.text("{\"a\":5}"), .text("a")]
    case .isValidIp, .isValidIpV4, .isPrivateIP, .isReservedIP, .isPublicIP, .ipv4ToNumber:
      [.text("192.0.2.1")]
    case .isValidIpV6: [.text("::1")]
    case .isIpInSubnet, .isIpv4InSubnet: [.text("192.0.2.1"), .text("192.0.2.0/24")]
    case .isIpv6InSubnet: [.text("2001:db8::1"), .text("2001:db8::/32")]
    case .cidrRow: [.null, .text("table"), .text("column")]
    case .rowCount, .rowNumber: []
    case .percentile, .topk, .histogram, .earliest, .latest, .lag: [.integer(7), .integer(2)]
    case .rate: [.integer(7), .integer(1000), .integer(60_000)]
    case .patterns: [.text("a b"), .null, .integer(1), .integer(0)]
    case .relevance: [.integer(1), .text("a"), .integer(7)]
    default:
      Array(
        repeating: .integer(7),
        count: max(
          1,
          FunctionRegistry.all.first { $0.operations.contains { $0.id == id } }?
            .argumentCounts.lowerBound ?? 1))
    }
  }

  private let store: Store

  init() throws {
    // The engine makes the functions known.
    store = try Engine(readingStoreAt: SampleStore.path).store
  }

  /// One event.
  private let event = Plan.limit(
    .scan(Scan(relation: .events, timeRange: .everything, logGroups: [])), 1)

  /// The values of calls, over one row, in a statement that asks scans for what `optimizations` say.
  private func results(
    of calls: [(id: FunctionID, arguments: [Value])], optimizations: ScanOptimizations = .none
  ) throws -> [Value] {
    let columns = calls.enumerated().map { index, call in
      NamedExpression(
        column: PlanColumn("result \(index)", .any),
        expression: .call(call.id, call.arguments.map { .literal($0) }))
    }
    let plan: Plan =
      switch calls.first.map({ Operation.of($0.id).kind }) {
      case .aggregate?: .aggregate(event, keys: [], aggregates: columns)
      case .window?: .window(event, columns.map { WindowColumn($0.column, $0.expression) })
      // The scan computes columns before it limits rows.
      default:
        .limit(
          .extend(.scan(Scan(relation: .events, timeRange: .everything, logGroups: [])), columns), 1
        )
      }
    let statement = SQLGenerator.generate(
      .project(plan, columns.map(\.column)), scanning: Store.scanCapabilities,
      optimizations: optimizations)
    return try #require(try store.table(of: statement, optimizations: optimizations).rows.first)
  }

  @Test("SQLite can say every function; missing and swapped arguments do what its entry says")
  func spellings() throws {
    for id in FunctionID.allCases {
      let values = Self.arguments(of: id)
      let result = try results(of: [(id, values)])[0]
      let operation = Operation.of(id)
      if !values.contains(.null), operation.kind != .window {
        #expect(result != .null, "\(id) needs other arguments in 'arguments(of:)'")
      }
      if operation.nulls == .propagates {
        for index in values.indices {
          var some = values
          some[index] = .null
          #expect(try results(of: [(id, some)]) == [.null], "\(id) of \(some)")
        }
      }
      if operation.nulls == .skipsRows, !values.isEmpty {
        var some = values
        some[0] = .null
        #expect(try results(of: [(id, some)]) == [.null], "\(id) of no value")
      }
      if operation.isCommutative {
        #expect(try results(of: [(id, values.reversed())]) == [result], "\(id)")
      }
    }
  }

  private static let numbers: [Value] = [
    .null, .integer(0), .integer(1), .integer(-7), .integer(.max), .integer(.min), .real(2.5),
    .real(-1e300), .real(7), .integer(1_672_628_645_000),
  ]
  private static let values: [Value] =
    numbers + [
      .text(""), .text("a"), .text("ab"), .text("7"), .text("7.0"), .text("TRUE"), .text("true "),
      .text("é€"), .text("-1e300"), .text("inf"), .text("99999999999999999999"),
    ]

  @Test("a scan computes what SQLite does", arguments: Store.scanCapabilities.scalars)
  func kernels(id: FunctionID) throws {
    // What the language hands to these are numbers and conditions.
    let takesNumbers: Set<FunctionID> = [
      .plus, .minus, .times, .divided, .negative, .plainNumber, .and, .or, .not, .choice,
    ]
    let values = takesNumbers.contains(id) ? Self.numbers : Self.values
    let sample = Self.arguments(of: id)
    var calls: [(id: FunctionID, arguments: [Value])] = []
    for first in values {
      let isSecondFree = sample.count == 2 && !Store.scanCapabilities.constantArguments.contains(id)
      for second in isSecondFree ? values : [.null] {
        var arguments = sample
        arguments[0] = first
        if isSecondFree { arguments[1] = second }
        calls.append((id, arguments))
      }
    }
    #expect(try results(of: calls, optimizations: .all) == results(of: calls))
  }
}
