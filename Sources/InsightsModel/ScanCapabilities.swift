/// The relations and functions that scans can evaluate.
public struct ScanCapabilities: Sendable {
  /// The relations that can be scanned.
  public var relations: Set<String>
  /// Functions of the values of one row.
  public var scalars: Set<FunctionID>
  /// The scalar functions whose arguments after the first must be literals, because patterns and
  /// the like are prepared before the scan starts.
  public var constantArguments: Set<FunctionID>
  /// Functions of the rows of a group.
  public var aggregates: Set<FunctionID>
  /// Whether requests with a limit may keep only the first of the rows with equal values.
  public var hasFirsts: Bool
  /// Whether requests may have stages.
  public var hasStages: Bool
  /// Returns why a request over a relation cannot be executed; `nil` if it can.
  ///
  /// The reason may be other than a function. It is called repeatedly while a request is extended:
  /// if a request can be executed, so can the same request without its last part.
  public var refusal: @Sendable (_ request: ScanRequest, _ relation: String) -> String?

  /// Makes capabilities; by default every request over these relations and functions can be
  /// executed.
  public init(
    relations: Set<String>, scalars: Set<FunctionID>, constantArguments: Set<FunctionID>,
    aggregates: Set<FunctionID>, hasFirsts: Bool = false, hasStages: Bool = false,
    refusal: @escaping @Sendable (_ request: ScanRequest, _ relation: String) -> String? = {
      _, _ in nil
    }
  ) {
    self.relations = relations
    self.scalars = scalars
    self.constantArguments = constantArguments
    self.aggregates = aggregates
    self.hasFirsts = hasFirsts
    self.hasStages = hasStages
    self.refusal = refusal
  }

  /// The capabilities of a scan that only reads.
  public static let none = ScanCapabilities(
    relations: [], scalars: [], constantArguments: [], aggregates: [])
}
