#if Server
  internal import InsightsThreads
  internal import NIOCore

  /// Notices that the client of a connection is gone, also while nobody reads from it.
  ///
  /// A client that closes only its sending side is taken for gone: clients of HTTP do not do that
  /// and wait for an answer.
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
