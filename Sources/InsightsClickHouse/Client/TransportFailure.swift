#if ClickHouse
  internal import AsyncHTTPClient
  internal import InsightsModel
  internal import NIOCore
  internal import NIOPosix
  internal import NIOSSL

  extension RemoteFailure {
    /// Converts an error of the transport.
    ///
    /// `hasAnswered`: part of the reply had been received, so it is incomplete.
    init(transport error: any Error, _ address: ClickHouseAddress, hasAnswered: Bool) {
      let place = "\(address.host):\(address.port)"
      let notes = ["\(error)"]
      switch error {
      case let error as NIOSSLError:
        self.init(tls: error, address)
      case is NIOSSLExtraError:
        self.init(
          .unavailable, "the certificate of \(place) is for another name",
          notes: notes, help: ["connect by the name that the certificate has"])
      case let error as HTTPClientError
      where error == .connectTimeout || error == .tlsHandshakeTimeout:
        self.init(
          .unavailable, "no answer from the ClickHouse server at \(place)",
          notes: notes, help: ["check host, port and firewalls between here and there"])
      case let error as HTTPClientError where error == .remoteConnectionClosed && !hasAnswered:
        self = .closedConnection(to: address)
      case ChannelError.ioOnClosedChannel where !hasAnswered:
        self = .closedConnection(to: address)
      case is NIOConnectionError:
        self.init(
          .unavailable, "no ClickHouse server can be reached at \(place)", notes: notes,
          help: ["check host and port, and that the server runs"])
      case let error as IOError where !hasAnswered && error.errnoCode == 111:
        self.init(
          .unavailable, "no ClickHouse server can be reached at \(place)",
          help: ["check host and port, and that the server runs"])
      default:
        self.init(
          .incomplete, "the connection to the ClickHouse server at \(place) broke",
          notes: notes, help: ["try again"])
      }
    }

    private init(tls error: NIOSSLError, _ address: ClickHouseAddress) {
      let place = "\(address.host):\(address.port)"
      let notes = ["\(error)"]
      switch error {
      case .noSuchFilesystemObject, .failedToLoadCertificate:
        self.init(
          .unavailable,
          "the certificates in '\(address.certificateFile ?? "")' cannot be read", notes: notes,
          help: ["--ca-file takes a file of certificates in PEM"])
      case .handshakeFailed(let reason) where "\(reason)".contains("CERTIFICATE_VERIFY_FAILED"):
        self.init(
          .unavailable, "the certificate of \(place) is not to be trusted", notes: notes,
          help: [
            "it may be expired, or come from an authority that is not known here: name its file with --ca-file <file>"
          ])
      case .handshakeFailed, .uncleanShutdown:
        self.init(
          .unavailable, "the server at \(place) does not speak TLS", notes: notes,
          help: ["check the port (8443 is usual), or use clickhouse:// without TLS"])
      case .unableToValidateCertificate, .noCertificateToValidate:
        self.init(
          .unavailable, "the certificate of \(place) is not for this name", notes: notes,
          help: ["connect by the name that the certificate has"])
      default:
        self.init(
          .incomplete, "the connection to the ClickHouse server at \(place) broke", notes: notes,
          help: ["try again"])
      }
    }
  }
#endif
