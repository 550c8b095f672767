#if ClickHouse
  internal import AsyncHTTPClient
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
    private let task = Locked<Task<Void, Never>?>(nil)

    /// Sends a request; if `body` is `nil`, it is sent in chunks.
    init(
      url: String, fields: [(String, String)], body: [UInt8]?, certificateFile: String?
    ) throws {
      let client = try Self.client(certificateFile: certificateFile)
      var request = HTTPClientRequest(url: url)
      request.method = .POST
      for (name, value) in fields { request.headers.add(name: name, value: value) }
      if let body {
        upload = nil
        request.body = .bytes(ByteBuffer(bytes: body))
      } else {
        let upload = ChunkQueue()
        self.upload = upload
        request.body = .stream(Upload(queue: upload), length: .unknown)
      }
      let made = Task { [request, head, body = self.body, upload] in
        do {
          let response = try await client.execute(request, deadline: .distantFuture)
          var fields: [String: String] = [:]
          for (name, value) in response.headers { fields[name.lowercased()] = value }
          head.fulfil(.success(Head(status: Int(response.status.code), fields: fields)))
          for try await buffer in response.body {
            guard await body.give(Array(buffer.readableBytesView)) else { break }
          }
          body.end()
        } catch {
          // Only the first of them counts.
          head.fulfil(.failure(error))
          body.end(.failure(error))
        }
        upload?.abandon()
      }
      task.withLock { $0 = made }
    }

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
      struct Abandoned: Error {}
      upload?.end(.failure(Abandoned()))
      body.abandon()
      task.withLock { $0 }?.cancel()
    }

    private struct Upload: AsyncSequence, Sendable {
      let queue: ChunkQueue

      struct Iterator: AsyncIteratorProtocol {
        let queue: ChunkQueue

        func next() async throws -> ByteBuffer? {
          try await queue.take().map(ByteBuffer.init(bytes:))
        }
      }

      func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }
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
        let client = HTTPClient(
          eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        clients[certificateFile ?? ""] = client
        return client
      }
    }
  }
#endif
