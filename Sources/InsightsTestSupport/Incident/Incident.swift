internal import InsightsClickHouse
internal import InsightsEngine
internal import InsightsIngest

/// The logs of an invented incident of any size, and the true facts about it.
///
/// The same options generate the same bytes. Requests arrive at a steady rate; each takes the first
/// free sandbox of its function or starts one, and a sandbox is a log stream.
///
/// ```swift
/// let incident = Incident(Incident.Options(failedRequests: 300, gateway: .rest))
/// try incident.ingest(intoStoreAt: path)
/// incident.truth.findings       // what triage must report
/// incident.truth.requests       // what metrics, info and queries must count
/// ```
public struct Incident: Sendable {
  /// The API in front of the functions whose logs exist.
  public enum Gateway: String, CaseIterable, Sendable {
    /// There are no gateway logs.
    case none
    /// The execution log of a REST API.
    case rest
    /// The JSON access log of an HTTP API.
    case http
  }

  /// The log format of Lambda functions.
  public enum LogFormat: String, CaseIterable, Sendable { case text, json }

  /// The options of an incident.
  public struct Options: Sendable {
    /// The number of requests that fail.
    public var failedRequests: Int
    /// The number of requests that succeed.
    public var healthyRequests: Int
    /// Whether ingest is given the log group of each log.
    public var namesGroups: Bool
    /// The gateway whose logs exist.
    public var gateway: Gateway
    /// The log format of the functions.
    public var logFormat: LogFormat
    /// The seed of all random choices.
    public var seed: UInt64

    /// Makes options; `healthyRequests` defaults to a quarter of the failed ones.
    public init(
      failedRequests: Int, healthyRequests: Int? = nil, namesGroups: Bool = true,
      gateway: Gateway = .none, logFormat: LogFormat = .text, seed: UInt64 = 7
    ) {
      self.failedRequests = failedRequests
      self.healthyRequests = healthyRequests ?? failedRequests / 4
      self.namesGroups = namesGroups
      self.gateway = gateway
      self.logFormat = logFormat
      self.seed = seed
    }
  }

  /// One file: the log of a sandbox, or of the gateway.
  public struct Log: Sendable {
    /// A path like that of an export task; the folder is the stream's name.
    public var path: String
    /// The log group, which the file itself does not contain.
    public var logGroup: String
    /// The content of the file.
    public var text: String
  }

  /// The options that the incident was generated from.
  public let options: Options
  /// In order of their paths.
  public let logs: [Log]
  /// The true facts about the incident.
  public let truth: IncidentTruth

  /// Generates an incident.
  public init(_ options: Options) {
    var writer = IncidentWriter(options)
    writer.writeRequests()
    self.options = options
    logs = writer.logs
    truth = IncidentTruth(options: options, requests: writer.requests)
  }

  /// Ingests all logs into a store, a file or an address, with their log groups if the options say
  /// so.
  public func ingest(intoStoreAt store: String) throws {
    let folder = try TemporaryFolder()
    var files: [String: [String]] = [:]
    for log in logs {
      files[log.logGroup, default: []].append(try folder.write(log.text, below: log.path))
    }
    let address = try ClickHouseAddress(ofStore: store)
    func take(_ paths: [String], _ options: ImportOptions) throws {
      if let address {
        _ = try Engine.ingest(paths, with: ClickHouseIngest(into: address, options: options))
      } else {
        _ = try Engine.ingest(paths, intoStoreAt: store, options: options)
      }
    }
    guard options.namesGroups else {
      return try take(files.values.flatMap { $0 }.sorted(), ImportOptions())
    }
    for (group, paths) in files.sorted(by: { $0.key < $1.key }) {
      try take(paths, ImportOptions(logGroup: group))
    }
  }
}
