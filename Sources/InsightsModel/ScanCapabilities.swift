/// What scans can evaluate.
public struct ScanCapabilities: Sendable {
  /// The relations that can be scanned.
  public var relations: Set<String>
  /// Functions of the values of one row.
  public var scalars: Set<FunctionID>
  /// Those of them whose arguments after the first must be literals, because patterns and the like
  /// are prepared before the scan starts.
  public var constantArguments: Set<FunctionID>
  /// Functions of the rows of a group.
  public var aggregates: Set<FunctionID>
  /// Whether a request over a relation can be honoured: more than the functions may decide that.
  ///
  /// It is asked while a request grows. What it accepts it accepts without its last part, too.
  public var accepts: @Sendable (_ request: ScanRequest, _ relation: String) -> Bool

  public init(
    relations: Set<String>, scalars: Set<FunctionID>, constantArguments: Set<FunctionID>,
    aggregates: Set<FunctionID>,
    accepts: @escaping @Sendable (_ request: ScanRequest, _ relation: String) -> Bool = { _, _ in
      true
    }
  ) {
    self.relations = relations
    self.scalars = scalars
    self.constantArguments = constantArguments
    self.aggregates = aggregates
    self.accepts = accepts
  }

  /// A scan that only reads.
  public static let none = ScanCapabilities(
    relations: [], scalars: [], constantArguments: [], aggregates: [])
}
