internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsOutput
internal import InsightsServer
internal import InsightsService
internal import InsightsModel
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// `insights serve`: serves the store over HTTP.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer the CloudWatch Logs API, the console and scripts over HTTP.",
    usage: "insights serve [<options>]",
    discussion: """
      Standard output has one line, the address, once connections are accepted. SIGTERM and Ctrl-C end it.

      Examples:
        insights serve
        insights serve --db logs.db --listen 127.0.0.1:0 --read-only
        AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://127.0.0.1:4586 aws logs describe-log-groups
      """)

  @OptionGroup var store: StoreOptions

  @Option(
    help: ArgumentHelp(
      "Where to listen; port 0 takes one that is free.", valueName: "address:port"))
  var listen = "127.0.0.1:4586"

  @Option(
    help: ArgumentHelp(
      "Keep reading what is appended to these logs; repeatable.", valueName: "path"),
    completion: .file())
  var follow: [String] = []

  @Flag(help: "Refuse everything that writes to the store.")
  var readOnly = false

  @Option(
    help: ArgumentHelp(
      "Only take requests of the AWS API that are signed with this key; repeatable. Better: $INSIGHTS_ACCESS_KEY, as options show in the list of processes.",
      valueName: "id:secret"))
  var accessKey: [String] = []

  @Option(
    help: ArgumentHelp(
      "What scripts and the console have to show. Default: $INSIGHTS_TOKEN, else a new one at each start.",
      valueName: "text"))
  var token: String?

  @Option(
    help: ArgumentHelp(
      "Another name that the server may be called by; repeatable.", valueName: "name"))
  var allowHost: [String] = []

  @Flag(help: "Let events of any time be put, also those older than 14 days, which AWS refuses.")
  var acceptAnyTime = false

  @Flag(help: "Open the console in a browser.")
  var open = false

  @Option(
    help: ArgumentHelp(
      "Serve the console's page from this folder, for those who work on it.", valueName: "path"),
    completion: .directory)
  var consoleFolder: String?

  @OptionGroup var pack: PackOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard ListenAddress(listen) != nil else {
      throw ValidationError(
        "--listen takes an address and a port, such as 127.0.0.1:4586 or [::1]:0")
    }
    if accessKey.contains(where: { Self.accessKey($0) == nil }) {
      throw ValidationError("--access-key takes an id and a secret: ID:SECRET")
    }
    if token == "" { throw ValidationError("--token takes a text, not an empty one") }
    if let consoleFolder, ListenAddress(listen)?.isLoopback != true {
      throw ValidationError(
        "--console-folder '\(consoleFolder)' is for development: it needs an address of this machine"
      )
    }
    if readOnly, !follow.isEmpty {
      throw ValidationError("--read-only and --follow exclude each other")
    }
    if store.isRemote, !follow.isEmpty {
      throw ValidationError(
        "--follow is for stores in files: a store on a ClickHouse server gets logs by 'insights ingest'"
      )
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      let configuration = try serverConfiguration()
      try openStore()
      let service = LogService(
        LogService.Options(
          storePath: store.path, isReadOnly: readOnly || store.isRemote,
          readOnlyReason: store.isRemote ? "its store is on a ClickHouse server" : "--read-only",
          timeout: messages.timeout?.length, acceptsAnyTime: acceptAnyTime,
          following: follow.isEmpty ? nil : following(reporter), pack: pack.load(),
          version: Insights.version, report: { reporter.note($0) }))
      do throws(ServerError) {
        try HTTPServer.run(
          service, configuration: configuration, events: events(configuration, reporter))
      } catch {
        _ = try? service.stop()
        throw Failure(error)
      }
      Self.opened.withLock { $0 = nil }
      if try !service.stop() { reporter.noteStillRead(store.path) }
      return .success
    }
  }

  /// Returns the logs to follow; a problem with an input is reported once.
  private func following(_ reporter: Reporter) -> LogWriter.Following {
    let told = Locked<Set<String>>([])
    return LogWriter.Following(
      paths: follow,
      report: { summary in
        for notice in summary.notices
        where told.withLock({ $0.insert("\(notice.path) \(notice.message)").inserted }) {
          reporter.report(notice)
        }
      },
      fail: { error in
        let reason = (error as? StoreError).map { Failure($0).message } ?? "\(error)"
        reporter.warning("the logs are not followed any further: \(reason)")
      })
  }

  private func serverConfiguration() throws -> ServerConfiguration {
    guard let address = ListenAddress(listen) else {
      throw Failure(.usage, "'\(listen)' is no address")
    }
    var keys = accessKey.compactMap(Self.accessKey)
    if let given = Terminal.environmentVariable("INSIGHTS_ACCESS_KEY"), !given.isEmpty {
      guard let key = Self.accessKey(given) else {
        throw Failure(.usage, "$INSIGHTS_ACCESS_KEY is not an id and a secret: ID:SECRET")
      }
      keys.append(key)
    }
    guard address.isLoopback || !keys.isEmpty else {
      throw Failure(
        .usage,
        "'\(listen)' can be reached from other machines, and nothing would protect the logs",
        help: [
          "set INSIGHTS_ACCESS_KEY=ID:SECRET, which clients then have to sign with",
          "or listen on 127.0.0.1, and come through a tunnel: ssh -L 4586:127.0.0.1:4586 <machine>",
        ])
    }
    let known = Terminal.environmentVariable("INSIGHTS_TOKEN").flatMap { $0.isEmpty ? nil : $0 }
    return ServerConfiguration(
      address: address, allowedHosts: allowHost, accessKeys: keys,
      token: token ?? known ?? HTTPServer.newToken(), consoleFolder: consoleFolder)
  }

  private static func accessKey(_ text: String) -> ServerConfiguration.AccessKey? {
    guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else { return nil }
    let secret = String(text[text.index(after: colon)...])
    guard !secret.isEmpty else { return nil }
    return ServerConfiguration.AccessKey(id: String(text[..<colon]), secret: secret)
  }

  /// Creates the store if it is missing, unless the server is read-only.
  private func openStore() throws {
    if !readOnly, !store.isRemote, FileStatus(store.path) == nil {
      try Engine.makeStore(at: store.path, waiting: messages.waiting(for: store.path))
    }
    _ = try openEngine(store, messages)
  }

  private func events(
    _ configuration: ServerConfiguration, _ reporter: Reporter
  ) -> ServerEvents {
    let token = configuration.token
    let opens = open
    var events = ServerEvents(isListening: { address in
      Self.report(address, token: token, opens: opens, to: reporter)
    })
    guard messages.verbose else { return events }
    events.hasAnswered = { method, operation, status, time in
      reporter.detail("\(method) \(operation) \(status) \(time.milliseconds) ms")
    }
    return events
  }

  /// The file that leads the browser to the console, which exists while the server runs.
  private static let opened = Locked<ConsoleBrowser?>(nil)

  /// Reports the server's address: on standard output for programs, on standard error for users.
  private static func report(
    _ address: ListenAddress, token: String, opens: Bool, to reporter: Reporter
  ) {
    let url = "http://\(address.text)"
    var output = OutputBuffer(fileDescriptor: STDOUT_FILENO)
    output.append(url + "\n")
    // The parent process may have closed standard output.
    try? output.flush()
    reporter.note(
      "the console is at \(url)/#token=\(token)",
      help: [
        "for AWS's tools: export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=\(url)",
        "for Live Tail also: export AWS_DISABLE_HOST_PREFIX_INJECTION=true",
      ])
    if opens {
      opened.withLock { $0 = ConsoleBrowser(opening: "\(url)/#token=\(token)") }
      if opened.withLock({ $0 }) == nil {
        reporter.warning("no browser could be opened", help: ["open the link above yourself"])
      }
    }
  }
}

extension Duration {
  /// The duration in milliseconds, with one fraction digit.
  fileprivate var milliseconds: String {
    let tenths = components.seconds * 10_000 + components.attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension Failure {
  init(_ error: ServerError) {
    switch error {
    case .portTaken(let address):
      self.init(
        .cannotCreate, "the port of '\(address)' is taken by another program",
        help: ["listen elsewhere: --listen 127.0.0.1:0 takes a port that is free"])
    case .cannotListen(let address, let reason):
      self.init(.cannotCreate, "cannot listen on '\(address)': \(reason)")
    case .notBuilt:
      self.init(
        .usage, "this program was built without the server",
        help: ["build it with the package trait Server, which is on by default"])
    }
  }
}
