/// Which functions a scan can compute itself.
public struct ScanCapabilities: Sendable {
  /// Functions of the values of one row.
  public var scalars: Set<FunctionID>
  /// Those of them whose arguments behind the first must be literals: patterns and the like are
  /// made ready before the scan starts.
  public var constantArguments: Set<FunctionID>
  /// Functions of the rows of a group.
  public var aggregates: Set<FunctionID>

  public init(
    scalars: Set<FunctionID>, constantArguments: Set<FunctionID>, aggregates: Set<FunctionID>
  ) {
    self.scalars = scalars
    self.constantArguments = constantArguments
    self.aggregates = aggregates
  }

  /// A scan that only reads.
  public static let none = ScanCapabilities(scalars: [], constantArguments: [], aggregates: [])
}
