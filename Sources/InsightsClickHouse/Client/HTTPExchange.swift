#if ClickHouse
  internal import AsyncHTTPClient
  internal import Glibc
  internal import InsightsThreads
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOHTTPCompression
  internal import NIOSSL

  /// One HTTP request and its reply, for a thread that may block: the only place that uses the HTTP
  /// library.
  final class HTTPExchange: Sendable {
    /// The head of a reply.
    struct Head: Sendable {
      let status: Int
      /// By names in lower case.
      let fields: [String: String]
    }

    private let head = Promise<Result<Head, any Error>>()
    private let body = ChunkQueue()
    private let upload: ChunkQueue?
    private let task: HTTPClient.Task<Void>

    /// Sends a request; if `body` is `nil`, it is sent in chunks.
    ///
    /// Everything happens on threads of the HTTP library. Swift's own threads for tasks will not do:
    /// there are as many as cores, and callers that block on them would wait for each other.
    init(
      url: String, fields: [(String, String)], body: [UInt8]?, certificateFile: String?
    ) throws {
      let client = try Self.client(certificateFile: certificateFile)
      let upload = body == nil ? ChunkQueue() : nil
      self.upload = upload
      let request = try HTTPClient.Request(
        url: url, method: .POST, headers: HTTPHeaders(fields),
        body: upload.map(Self.stream) ?? .bytes(body ?? []))
      let receiver = Receiver(head: head, body: self.body)
      task = client.execute(request: request, delegate: receiver)
      task.futureResult.whenComplete { [head, body = self.body] result in
        // Only the first of each counts.
        if case .failure(let error) = result { head.fulfil(.failure(error)) }
        body.end(result)
        upload?.abandon()
      }
    }

    /// Returns a request body that is sent while it is produced.
    private static func stream(_ upload: ChunkQueue) -> HTTPClient.Body {
      .stream { writer in
        let promise = HTTPClient.defaultEventLoopGroup.any().makePromise(of: Void.self)
        @Sendable func sendNext() {
          upload.take { result in
            switch result {
            case .success(let chunk?):
              writer.write(.byteBuffer(ByteBuffer(bytes: chunk))).whenComplete { written in
                switch written {
                // Scheduled rather than called, to avoid recursion for each chunk.
                case .success: promise.futureResult.eventLoop.execute { sendNext() }
                case .failure(let error): promise.fail(error)
                }
              }
            case .success(nil): promise.succeed()
            case .failure(let error): promise.fail(error)
            }
          }
        }
        sendNext()
        return promise.futureResult
      }
    }

    /// Passes on the parts of the reply as they are received.
    private final class Receiver: HTTPClientResponseDelegate {
      private let head: Promise<Result<Head, any Error>>
      private let body: ChunkQueue

      init(head: Promise<Result<Head, any Error>>, body: ChunkQueue) {
        self.head = head
        self.body = body
      }

      func didReceiveHead(
        task: HTTPClient.Task<Void>, _ response: HTTPResponseHead
      ) -> EventLoopFuture<Void> {
        var fields: [String: String] = [:]
        for (name, value) in response.headers { fields[name.lowercased()] = value }
        head.fulfil(.success(Head(status: Int(response.status.code), fields: fields)))
        return task.eventLoop.makeSucceededVoidFuture()
      }

      func didReceiveBodyPart(
        task: HTTPClient.Task<Void>, _ buffer: ByteBuffer
      ) -> EventLoopFuture<Void> {
        let promise = task.eventLoop.makePromise(of: Void.self)
        if let error = BrokenReply(buffer) {
          promise.fail(error)
        } else {
          body.give(Array(buffer.readableBytesView)) { isTaken in
            if isTaken { promise.succeed() } else { promise.fail(Abandoned()) }
          }
        }
        return promise.futureResult
      }

      func didFinishRequest(task: HTTPClient.Task<Void>) {}
    }

    /// The rest of the reply is not needed.
    private struct Abandoned: Error {}

    deinit { cancel() }

    /// Sends the next chunk of the request's body; returns false if the server accepts no more.
    func send(_ chunk: [UInt8], check: () throws -> Void) throws -> Bool {
      try upload?.give(chunk, check: check) ?? false
    }

    /// Ends the body of the request.
    func endOfBody() { upload?.end() }

    /// Waits for the head of the reply; calls `check` from time to time, which may throw.
    func head(check: () throws -> Void) throws -> Head {
      while true {
        if let head = head.value(within: .milliseconds(20)) { return try head.get() }
        try check()
      }
    }

    /// Returns the next chunk of the reply's body; `nil` at the end.
    func receive(check: () throws -> Void) throws -> [UInt8]? { try body.take(check: check) }

    /// Cancels the exchange, and closes the connection if the reply is incomplete.
    func cancel() {
      upload?.end(.failure(Abandoned()))
      body.abandon()
      task.cancel()
    }

    // MARK: Connections

    /// Clients by the certificate file that they trust.
    ///
    /// They keep connections open for reuse, and live as long as the program.
    private static let clients = Locked<[String: HTTPClient]>([:])

    private static func client(certificateFile: String?) throws -> HTTPClient {
      try clients.withLock { clients in
        if let client = clients[certificateFile ?? ""] { return client }
        var configuration = HTTPClient.Configuration()
        if let certificateFile {
          var tls = TLSConfiguration.makeClientConfiguration()
          tls.trustRoots = .file(certificateFile)
          // Read immediately, so that a file without certificates is reported by its name.
          _ = try NIOSSLCertificate.fromPEMFile(certificateFile)
          configuration.tlsConfiguration = tls
        }
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .enabled(limit: .none)
        configuration.timeout.connect = .seconds(10)
        // The server closes connections that are idle for some seconds.
        configuration.connectionPool.idleTimeout = .seconds(3)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = Self.prepare
        let client = HTTPClient(
          eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        clients[certificateFile ?? ""] = client
        return client
      }
    }

    /// Prepares a new connection.
    @Sendable private static func prepare(_ channel: any Channel) -> EventLoopFuture<Void> {
      // More than an address and its fields need: the library does not support a head that alone
      // fills the buffer of a connection.
      let limits = ChannelOptions.Types.WriteBufferWaterMark(low: 1 << 20, high: 2 << 20)
      return channel.setOption(.writeBufferWaterMark, value: limits)
        // A query may take long, but a lost server is detected within two minutes.
        .flatMap { channel.setOption(.socketOption(.so_keepalive), value: 1) }
        .flatMap { channel.setOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: 60) }
        .flatMap { channel.setOption(.tcpOption(.init(rawValue: TCP_KEEPINTVL)), value: 10) }
        .flatMap { channel.setOption(.tcpOption(.init(rawValue: TCP_KEEPCNT)), value: 6) }
        .flatMap { BrokenReply.watch(channel) }
    }
  }
#endif
