#if ClickHouse
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOHTTPCompression
  internal import NIOSSL

  /// A connection that broke within the body of a reply.
  ///
  /// A server that fails after it has sent rows appends the error and closes the connection. If a
  /// connection breaks, the HTTP library discards received bytes that it has not passed on, which
  /// often contain the error. So a handler in its pipeline replaces the break by a mark in the
  /// body, which is delivered after everything that was received.
  struct BrokenReply: Error, CustomStringConvertible {
    let description: String

    /// A random byte sequence, so that no server sends it.
    private static let mark = (0..<4).flatMap { _ in
      withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) }
    }

    /// Recognises a mark; `nil` for a chunk of the body.
    init?(_ buffer: ByteBuffer) {
      guard buffer.readableBytesView.starts(with: Self.mark) else { return nil }
      description = String(
        buffer: buffer.getSlice(
          at: buffer.readerIndex + Self.mark.count, length: buffer.readableBytes - Self.mark.count)
          ?? buffer)
    }

    /// Adds the handler to a connection.
    @Sendable static func watch(_ channel: any Channel) -> EventLoopFuture<Void> {
      channel.eventLoop.submit {
        let pipeline = channel.pipeline.syncOperations
        let decompressor = try pipeline.handler(type: NIOHTTPResponseDecompressor.self)
        try pipeline.addHandler(Handler(), position: .after(decompressor))
      }
    }

    private final class Handler: ChannelInboundHandler {
      typealias InboundIn = HTTPClientResponsePart
      typealias InboundOut = HTTPClientResponsePart

      private var isInBody = false

      func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        // Heads below 200 precede the one of the reply.
        case .head(let head): isInBody = head.status.code >= 200
        case .body: break
        case .end: isInBody = false
        }
        context.fireChannelRead(data)
      }

      func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A TLS connection that is closed without notice does not imply an incomplete body.
        if case NIOSSLError.uncleanShutdown = error { return context.fireErrorCaught(error) }
        guard isInBody else { return context.fireErrorCaught(error) }
        end(context, "\(error)")
      }

      func channelInactive(context: ChannelHandlerContext) {
        if isInBody { end(context, "the connection was closed") }
        context.fireChannelInactive()
      }

      private func end(_ context: ChannelHandlerContext, _ reason: String) {
        isInBody = false
        // Before the mark, so that no other request is sent on the connection.
        context.close(promise: nil)
        context.fireChannelRead(
          wrapInboundOut(.body(ByteBuffer(bytes: BrokenReply.mark + Array(reason.utf8)))))
        context.fireChannelRead(wrapInboundOut(.end(nil)))
      }
    }
  }
#endif
