#if Server
  internal import Glibc
  internal import Hummingbird
  internal import InsightsService
  internal import InsightsThreads
  internal import Logging
  internal import NIOCore
  internal import ServiceLifecycle
  internal import UnixSignals

  /// Passes HTTP requests to the service and its replies back.
  ///
  /// The service may block, so it runs on threads of its own; event loops and the concurrency pool
  /// only move bytes.
  struct HummingbirdServer: Sendable {
    private let service: LogService
    private let configuration: ServerConfiguration
    private let events: ServerEvents
    private let routes: Routes

    init(_ service: LogService, _ configuration: ServerConfiguration, _ events: ServerEvents) {
      self.service = service
      self.configuration = configuration
      self.events = events
      routes = Routes(service, configuration, events)
    }

    func run() throws(ServerError) {
      let outcome = Locked<ServerError?>(nil)
      let end = Semaphore()
      Task {
        do {
          try await serve()
        } catch {
          outcome.withLock { $0 = Self.failure(error, configuration.address) }
        }
        end.signal()
      }
      end.wait()
      if let error = outcome.withLock({ $0 }) { throw error }
    }

    private func serve() async throws {
      let logger = Logger(label: "insights") { _ in SwiftLogNoOpLogHandler() }
      let second = SecondListener()
      let main = application(at: configuration.address, logger) { [events, configuration] port in
        var address = configuration.address
        address.port = port
        events.isListening(address)
        second.begin(at: port)
      }
      var services: [any Service] = [main, StopWatcher(service: service)]
      // A client of `localhost` may try either address first.
      if ["127.0.0.1", "localhost"].contains(configuration.address.host) {
        services.append(
          second.service { port in
            application(at: ListenAddress(host: "::1", port: port), logger) { _ in }
          })
      }
      var group = ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      group.maximumGracefulShutdownDuration = .seconds(5)
      try await ServiceGroup(configuration: group).run()
    }

    private func application(
      at address: ListenAddress, _ logger: Logger,
      isListening: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
      Application(
        responder: CallbackResponder { [routes] request, context in
          await routes.response(to: request, context)
        },
        server: .http1(
          configuration: .init(
            additionalChannelHandlers: [ClientWatch()], idleTimeout: .seconds(60),
            httpDecoderConfiguration: .init(
              maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))),
        configuration: ApplicationConfiguration(
          address: .hostname(address.host, port: address.port),
          availableConnectionsDelegate: .maximum(Routes.connectionLimit, logger: logger)),
        onServerRunning: { channel in isListening(channel.localAddress?.port ?? address.port) },
        logger: logger)
    }

    private static func failure(_ error: any Error, _ address: ListenAddress) -> ServerError {
      guard let error = error as? IOError else {
        return .cannotListen(address: address.text, reason: "\(error)")
      }
      if error.errnoCode == EADDRINUSE { return .portTaken(address: address.text) }
      return .cannotListen(
        address: address.text, reason: String(cString: strerror(error.errnoCode)))
    }
  }

  /// Ends the service's streams when the server shuts down, so that open replies end.
  private struct StopWatcher: Service {
    let service: LogService

    func run() async throws {
      try? await gracefulShutdown()
      service.stopping.happen()
    }
  }

  /// Also listens on `[::1]`, at the port of the first listener, if it is free there.
  private final class SecondListener: Sendable {
    private let ports: AsyncStream<Int>
    private let source: AsyncStream<Int>.Continuation

    init() {
      (ports, source) = AsyncStream.makeStream()
    }

    func begin(at port: Int) {
      source.yield(port)
      source.finish()
    }

    func service(
      _ make: @escaping @Sendable (Int) -> some ApplicationProtocol
    ) -> some Service {
      Listener(ports: ports, make: make)
    }

    private struct Listener<Application: ApplicationProtocol>: Service {
      let ports: AsyncStream<Int>
      let make: @Sendable (Int) -> Application

      func run() async throws {
        for await port in ports.cancelOnGracefulShutdown() {
          // Taken, or a machine without IPv6: the first address is enough.
          try? await make(port).run()
        }
        try? await gracefulShutdown()
      }
    }
  }
#endif
