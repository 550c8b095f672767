internal import InsightsEngine
internal import InsightsIngest

/// The logs of an invented incident of any size, and what is true of it.
///
/// The same options give the same bytes. Requests come at a steady rate; each takes the first free
/// sandbox of its function or starts one, and a sandbox is a log stream.
///
/// ```swift
/// let incident = Incident(Incident.Options(failedRequests: 300, gateway: .rest))
/// try incident.ingest(intoStoreAt: path)
/// incident.truth.findings       // what triage must say
/// incident.truth.requests       // what metrics, info and queries must count
/// ```
public struct Incident: Sendable {
  /// The API in front of the functions whose logs are there.
  public enum Gateway: String, CaseIterable, Sendable {
    /// There are no logs of any gateway.
    case none
    /// The execution log of a REST API.
    case rest
    /// The JSON access log of an HTTP API.
    case http
  }

  public enum LogFormat: String, CaseIterable, Sendable { case text, json }

  public struct Options: Sendable {
    public var failedRequests: Int
    public var healthyRequests: Int
    /// Whether it is said while ingesting which log group a log is of.
    public var namesGroups: Bool
    public var gateway: Gateway
    /// The log format of the functions.
    public var logFormat: LogFormat
    public var seed: UInt64

    /// `healthyRequests`: a quarter of the failed ones where it is left out.
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

  /// One file: the log of a sandbox, or that of the gateway.
  public struct Log: Sendable {
    /// A path as an export task makes it; the folder tells the stream.
    public var path: String
    /// The log group, which the file itself does not say.
    public var logGroup: String
    public var text: String
  }

  public let options: Options
  /// In order of their paths.
  public let logs: [Log]
  public let truth: IncidentTruth

  public init(_ options: Options) {
    var writer = IncidentWriter(options)
    writer.writeRequests()
    self.options = options
    logs = writer.logs
    truth = IncidentTruth(options: options, requests: writer.requests)
  }

  /// Takes all logs into a store, with their log groups where the options say so.
  public func ingest(intoStoreAt store: String) throws {
    let folder = try TemporaryFolder()
    var files: [String: [String]] = [:]
    for log in logs {
      files[log.logGroup, default: []].append(try folder.write(log.text, below: log.path))
    }
    guard options.namesGroups else {
      _ = try Engine.ingest(files.values.flatMap { $0 }.sorted(), intoStoreAt: store)
      return
    }
    for (group, paths) in files.sorted(by: { $0.key < $1.key }) {
      _ = try Engine.ingest(
        paths, intoStoreAt: store, options: ImportOptions(logGroup: group))
    }
  }
}
