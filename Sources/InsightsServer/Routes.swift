#if Server
  internal import HTTPTypes
  internal import Hummingbird
  internal import InsightsService
  internal import InsightsThreads
  internal import NIOCore

  /// Routes requests by path, method and headers.
  struct Routes: Sendable {
    /// The maximum number of open connections; others wait to be accepted.
    static let connectionLimit = 256
    /// The maximum size of a body in bytes: PutLogEvents has up to 1 MiB of text, which JSON
    /// enlarges.
    private static let bodyLimit = 64 << 20
    private static let apiBodyLimit = 1 << 20
    /// The maximum size in bytes of all bodies in memory together.
    private static let bodiesLimit = 256 << 20
    /// The maximum time in which a request must arrive.
    private static let bodyTimeout = Duration.seconds(60)

    private let service: LogService
    private let configuration: ServerConfiguration
    private let events: ServerEvents
    private let requestGuard: RequestGuard
    private let console: ConsolePage
    /// The signature that calls of the AWS API need; `nil` if any credentials are accepted.
    private let signature: Signature?
    /// Two threads per connection: a waiting request never blocks another one.
    private let threads = ThreadPool(limit: 2 * Self.connectionLimit)
    private let bodies = BodyBudget(byteCount: Self.bodiesLimit)

    init(_ service: LogService, _ configuration: ServerConfiguration, _ events: ServerEvents) {
      self.service = service
      self.configuration = configuration
      self.events = events
      requestGuard = RequestGuard(configuration)
      console = ConsolePage(folder: configuration.consoleFolder)
      signature = configuration.accessKeys.isEmpty ? nil : Signature(configuration.accessKeys)
    }

    func response(to request: Request, _ context: ServerContext) async -> Response {
      let start = ContinuousClock.now
      let reply = await reply(to: request, context)
      events.hasAnswered?(
        request.method.rawValue, reply.operation, reply.status, ContinuousClock.now - start)
      let response = await response(of: reply, context)
      // A client would read content after the headers as the next reply.
      return request.method == .head ? response.createHeadResponse() : response
    }

    private func reply(to request: Request, _ context: ServerContext) async -> Reply {
      let isAWS = request.method == .post && request.headers[.amzTarget] != nil
      if let page = consoleReply(to: request) { return page }
      if let refusal = requestGuard.refusal(
        hosts: Self.hosts(of: request), origin: request.headers[.origin],
        fetchSite: request.headers[.secFetchSite])
      {
        let (reason, status) = (refusal.reason, refusal.status)
        if isAWS {
          return AWSEndpoint.refusal(AWSError("AccessDeniedException", reason, status: status))
        }
        return request.uri.path == MCPEndpoint.path
          ? MCPEndpoint.refusal(reason, status: status)
          : APIEndpoint.reply(to: APIError(reason, status: status))
      }
      let path = request.uri.path
      if isAWS { return await awsReply(to: request) }
      if APIEndpoint.serves(path) { return await apiReply(to: request, context) }
      if path == MCPEndpoint.path { return await mcpReply(to: request) }
      switch (path, request.method) {
      case ("/health", .get), ("/health", .head):
        return Reply(headers: [("content-type", "text/plain")], body: .bytes(Array("ok\n".utf8)))
      case ("/", .post): return await awsReply(to: request)
      case ("/health", _): return APIEndpoint.refusal(of: request.method.rawValue, allowing: "GET")
      case ("/", _): return APIEndpoint.refusal(of: request.method.rawValue, allowing: "GET, POST")
      default:
        return APIEndpoint.reply(to: APIError("there is nothing at this address", status: 404))
      }
    }

    /// Returns a file of the console's page, which contains no data of the store, so links from
    /// elsewhere may lead to it.
    private func consoleReply(to request: Request) -> Reply? {
      guard [.get, .head].contains(request.method),
        requestGuard.refusal(hosts: Self.hosts(of: request), origin: nil, fetchSite: nil) == nil
      else { return nil }
      return console.reply(
        to: ServiceRequest(
          method: "GET", path: request.uri.path,
          headers: request.headers.map { ($0.name.canonicalName, $0.value) }))
    }

    /// Returns the values of all `Host` headers, of which the first is the authority.
    private static func hosts(of request: Request) -> [String] {
      (request.head.authority.map { [$0] } ?? []) + request.headers[values: .host]
    }

    private func awsReply(to request: Request) async -> Reply {
      switch await read(request, limit: Self.bodyLimit) {
      case .tooLarge:
        return AWSEndpoint.refusal(
          AWSError(
            "RequestEntityTooLargeException",
            "the body has more than \(Self.bodyLimit >> 20) MiB", status: 413))
      case .incomplete:
        return AWSEndpoint.refusal(
          AWSError("RequestTimeoutException", "the body did not arrive in time", status: 408))
      case .tooMany:
        return AWSEndpoint.refusal(AWSError("ThrottlingException", Self.tooManyText))
      case .request(var request, let share):
        defer { withExtendedLifetime(share) {} }
        do throws(Signature.Failure) {
          try signature?.check(
            Signature.SignedRequest(
              path: request.path, headers: request.headers, body: request.body),
            at: LogService.now)
        } catch {
          return AWSEndpoint.refusal(AWSError(error.code, error.message))
        }
        guard request.inflate() else {
          return AWSEndpoint.refusal(
            AWSError("SerializationException", "the compressed body cannot be read"))
        }
        return await onThread { [service, request] in
          AWSEndpoint.reply(to: request, in: service)
        }
      }
    }

    private func apiReply(to request: Request, _ context: ServerContext) async -> Reply {
      await reply(
        to: request, limit: Self.apiBodyLimit, refusing: { APIEndpoint.reply(to: $0) }
      ) { [service] request in
        var request = request
        let watch = try? await context.channel.pipeline.handler(type: ClientWatch.self).get()
        if let watch { request.clientGone = watch.isGone }
        return await onThread { [request] in APIEndpoint.reply(to: request, in: service) }
      }
    }

    private func mcpReply(to request: Request) async -> Reply {
      await reply(
        to: request, limit: MCPEndpoint.bodyLimit,
        refusing: { MCPEndpoint.refusal($0.message, status: $0.status) }
      ) { [service] request in
        await onThread { MCPEndpoint.reply(to: request, in: service) }
      }
    }

    /// Answers a request with a valid token after its body has been received; `refusing` makes the
    /// reply for a rejected one.
    private func reply(
      to request: Request, limit: Int, refusing: (APIError) -> Reply,
      answering: (ServiceRequest) async -> Reply
    ) async -> Reply {
      guard Secret.holds(configuration.token, authorization: request.headers[.authorization]) else {
        var reply = refusing(
          APIError(
            "this needs the server's token: Authorization: Bearer TOKEN", status: 401,
            help: ["the token is in the link that the server prints, or set by INSIGHTS_TOKEN"]))
        reply.headers.append(("www-authenticate", "Bearer"))
        return reply
      }
      switch await read(request, limit: limit) {
      case .tooLarge:
        return refusing(APIError("the body has more than \(limit >> 20) MiB", status: 413))
      case .incomplete:
        return refusing(APIError("the body did not arrive in time", status: 408))
      case .tooMany: return refusing(APIError(Self.tooManyText, status: 503))
      case .request(let request, let share):
        defer { withExtendedLifetime(share) {} }
        return await answering(request)
      }
    }

    // MARK: Reading

    private enum ReadOutcome: Sendable {
      /// A request, with its share of the budget, which is released after the reply.
      case request(ServiceRequest, BodyBudget.Share)
      case tooLarge
      case incomplete
      /// The bodies of other requests exceed the budget.
      case tooMany
    }

    private static let tooManyText = "too much is being sent to this server at once; try again"

    private func read(_ request: Request, limit: Int) async -> ReadOutcome {
      let body: ByteBuffer?
      let share = BodyBudget.Share(of: bodies)
      do {
        body = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
          group.addTask { try await Self.collect(request.body, limit: limit, share) }
          group.addTask {
            try await Task.sleep(for: Self.bodyTimeout)
            throw CancellationError()
          }
          defer { group.cancelAll() }
          return try await group.next() ?? nil
        }
      } catch is BudgetSpent {
        return .tooMany
      } catch {
        return .incomplete
      }
      guard let body else { return .tooLarge }
      return .request(
        ServiceRequest(
          method: request.method.rawValue, path: request.uri.path,
          query: request.uri.query ?? "",
          headers: [("host", request.head.authority ?? "")]
            + request.headers.map { ($0.name.canonicalName, $0.value) },
          body: Array(buffer: body)), share)
    }

    /// Collects a body; `nil` if it is too large.
    ///
    /// A body that is too large is read to its end, as a client that still sends would not see the
    /// reply.
    ///
    /// - Throws: `BudgetSpent`, and what ends the connection.
    private static func collect(
      _ body: RequestBody, limit: Int, _ share: BodyBudget.Share
    ) async throws -> ByteBuffer? {
      var collected: ByteBuffer? = ByteBuffer()
      var isSpent = false
      for try await var piece in body {
        let count = (collected?.readableBytes ?? 0) + piece.readableBytes
        if !isSpent, collected != nil, !share.take(piece.readableBytes) { isSpent = true }
        if collected == nil || count > limit || isSpent {
          collected = nil
        } else {
          collected?.writeBuffer(&piece)
        }
      }
      if isSpent { throw BudgetSpent() }
      return collected
    }

    /// Runs `body` on a thread that may block.
    private func onThread<Result: Sendable>(
      _ body: @escaping @Sendable () -> Result
    ) async -> Result {
      await withCheckedContinuation { continuation in
        threads.run { continuation.resume(returning: body()) }
      }
    }

    // MARK: Answering

    private func response(of reply: Reply, _ context: ServerContext) async -> Response {
      var headers = HTTPFields()
      for (name, value) in reply.headers {
        if let name = HTTPField.Name(name) { headers[name] = value }
      }
      headers[.xContentTypeOptions] = "nosniff"
      if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
      let status = HTTPResponse.Status(code: reply.status)
      switch reply.body {
      case .bytes(let bytes):
        return Response(
          status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
      case .stream(let write):
        let watch = try? await context.channel.pipeline.handler(type: ClientWatch.self).get()
        return Response(
          status: status, headers: headers,
          body: ResponseBody { [threads, service] writer in
            let stream = BodyStream()
            let forget = [watch?.isGone, service.stopping].map { $0?.watch { stream.close() } }
            defer { for forget in forget { forget?() } }
            threads.run {
              write(stream)
              stream.end()
            }
            do {
              while let buffer = await stream.next() { try await writer.write(buffer) }
              // The missing last chunk shows the client that the reply is incomplete.
              if stream.isBroken { throw BrokenReply() }
              try await writer.finish(nil)
            } catch {
              stream.close()
              throw error
            }
          })
      }
    }
  }

  /// The budget for bodies in memory is exhausted.
  private struct BudgetSpent: Error {}

  /// Thrown to close the connection of a reply that is incomplete.
  private struct BrokenReply: Error {}

  /// The context of a request: Hummingbird's, and the connection.
  struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
      coreContext = .init(source: source)
      channel = source.channel
    }
  }

  extension HTTPField.Name {
    fileprivate static let amzTarget = known("x-amz-target")
    fileprivate static let secFetchSite = known("sec-fetch-site")
    fileprivate static let host = known("host")

    /// The header field of a well-formed name.
    private static func known(_ name: String) -> HTTPField.Name {
      HTTPField.Name(name) ?? .userAgent
    }
  }
#endif
