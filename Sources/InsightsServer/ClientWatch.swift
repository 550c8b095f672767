#if Server
  internal import InsightsThreads
  internal import NIOCore

  /// Detects that the client of a connection has disconnected, even if nothing is read from it.
  ///
  /// A client that closes only its sending side is treated as disconnected: HTTP clients do not do
  /// that while they wait for a reply.
  final class ClientWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    let isGone = OneTimeEvent()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case ChannelEvent.inputClosed? = event as? ChannelEvent { isGone.happen() }
      context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
      isGone.happen()
      context.fireChannelInactive()
    }
  }
#endif
