internal import InsightsText

/// Well-known messages of databases, networks, AWS's services and the file system, with advice: one
/// table.
struct KnownFailure: Sendable {
  /// An error matches if its type or message contains one of these texts.
  let phrases: [StaticString]
  let advice: String

  /// Returns the entry for an error; `nil` if its message is not known.
  static func of(_ error: ErrorFact?) -> KnownFailure? {
    guard let error else { return nil }
    var text = [error.type, error.message].compactMap(\.self).joined(separator: ": ")
    return text.withUTF8 { bytes in
      all.first { known in known.phrases.contains { bytes.firstOffset(of: $0) != nil } }
    }
  }

  /// In the order of matching: specific entries before general ones.
  static let all: [KnownFailure] = [
    KnownFailure(
      phrases: [
        "connection slots are reserved", "too many clients already", "too many connections",
        "Too many connections", "ER_CON_COUNT_ERROR", "max_user_connections",
        "max number of clients reached", "QueuePool limit", "Connection is not available",
        "acquiring connection", "connection pool exhausted", "pool is exhausted",
      ],
      advice: """
        The database or the pool has no connection left: open one connection for each sandbox outside \
        the handler and use it again, put RDS Proxy or another pooler between, and keep the function's \
        reserved concurrency times its connections below the database's limit.
        """),
    KnownFailure(
      phrases: [
        "password authentication failed", "Access denied for user", "WRONGPASS", "NOAUTH",
        "Authentication failed", "authentication failed", "Login failed for user",
      ],
      advice: """
        The server refused the name or the password: compare them with the secret in use, above all \
        after a rotation, and read the secret again when a login fails.
        """),
    KnownFailure(
      phrases: [
        "ExpiredToken", "security token included in the request is expired", "Signature expired",
        "InvalidClientTokenId", "UnrecognizedClientException",
        "security token included in the request is invalid",
      ],
      advice: """
        The credentials are no longer valid: use the execution role that the SDK finds by itself, set \
        no AWS_ACCESS_KEY_ID of your own, and make clients anew instead of keeping temporary credentials.
        """),
    KnownFailure(
      phrases: [
        "AccessDenied", "is not authorized to perform", "UnauthorizedOperation",
        "AuthorizationError", "not authorized to access",
      ],
      advice: """
        Allow the function's execution role the action on the resource that the message names; where \
        it is allowed, look at the resource's own policy, the KMS key, and explicit denials of the \
        organization.
        """),
    KnownFailure(
      phrases: ["ECONNREFUSED", "onnection refused", "actively refused"],
      advice: """
        Nothing listens at that host and port: check both in the function's configuration (localhost is \
        the sandbox itself), that the target is up, and that its security group lets the function in.
        """),
    KnownFailure(
      phrases: [
        "ENOTFOUND", "EAI_AGAIN", "getaddrinfo", "Name or service not known",
        "failure in name resolution", "no such host", "UnknownHostException",
        "nodename nor servname", "Name does not resolve", "No such host is known",
        "Could not resolve host",
      ],
      advice: """
        The host's name could not be resolved: check its spelling and stage in the configuration; in a \
        VPC check DNS support, the private hosted zone and the endpoints; a rare EAI_AGAIN calls for \
        a retry and for connections that are kept.
        """),
    KnownFailure(
      phrases: [
        "ENETUNREACH", "EHOSTUNREACH", "Network is unreachable", "No route to host",
        "network is unreachable", "no route to host",
      ],
      advice: """
        There is no route to that address: a function in a VPC reaches the internet only through a NAT \
        gateway, and AWS's services through that or a VPC endpoint; check route tables and IPv6.
        """),
    KnownFailure(
      phrases: [
        "ETIMEDOUT", "ESOCKETTIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "ConnectTimeout",
        "onnection timed out", "onnect timed out", "connect timeout", "ReadTimeout",
        "Read timed out", "read timeout=", "i/o timeout", "SocketTimeoutException",
      ],
      advice: """
        The other side did not answer in time: in a VPC check security groups, the NAT gateway and \
        endpoints, for packets that are dropped end so; else look at the target's own load, set a \
        timeout below the function's, and retry with backoff.
        """),
    KnownFailure(
      phrases: [
        "ECONNRESET", "EPIPE", "socket hang up", "onnection reset by peer", "roken pipe",
        "RemoteDisconnected", "onnection closed unexpectedly", "connection was closed",
        "onnection aborted",
      ],
      advice: """
        The other side closed a connection that was still in use, as it does with one that a frozen \
        sandbox kept too long: retry what is idempotent on a new connection, and keep idle ones \
        shorter than the target does.
        """),
    KnownFailure(
      phrases: [
        "certificate has expired", "CERT_HAS_EXPIRED", "certificate is expired",
        "has expired or is not yet valid",
      ],
      advice: """
        A TLS certificate has expired: renew that of the host which is called, or the bundle of \
        authorities that the function brings along.
        """),
    KnownFailure(
      phrases: [
        "CERTIFICATE_VERIFY_FAILED", "certificate verify failed", "self-signed certificate",
        "self signed certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "unable to get local issuer certificate", "signed by unknown authority",
        "PKIX path building failed", "ERR_TLS_CERT_ALTNAME_INVALID",
      ],
      advice: """
        The host's TLS certificate is not trusted: have the host send its whole chain, give the function \
        the authority's certificate, and check that the name is the one that the certificate is for.
        """),
    KnownFailure(
      phrases: [
        "ENOSPC", "No space left on device", "no space left on device", "not enough space",
      ],
      advice: """
        /tmp is full: delete files before the handler returns, as a sandbox keeps them, stream what is \
        large, or raise the function's ephemeral storage (512 MB by default, up to 10,240 MB).
        """),
    KnownFailure(
      phrases: ["EMFILE", "Too many open files", "too many open files"],
      advice: """
        The sandbox has no file descriptor left (1,024, sockets too): close files and responses on every \
        path, make clients once outside the handler, and limit what runs at the same time.
        """),
    KnownFailure(
      phrases: [
        "can't start new thread", "pthread_create", "unable to create native thread",
        "unable to create new native thread", "Resource temporarily unavailable",
      ],
      advice: """
        The sandbox has no thread or process left (1,024): end pools and children before the handler \
        returns, and start fewer of them.
        """),
    KnownFailure(
      phrases: ["EROFS", "Read-only file system", "read-only file system"],
      advice: """
        Only /tmp can be written to: let the code and its libraries (caches, HOME, models) write there.
        """),
    KnownFailure(
      phrases: [
        "exec format error", "invalid ELF header", "GLIBC_", "wrong ELF class",
        "cannot open shared object file", "incompatible architecture",
      ],
      advice: """
        A native library or program is of another system: build it for the function's runtime and \
        architecture (x86_64 or arm64), as in the runtime's own container image, with what it links to.
        """),
    KnownFailure(
      phrases: [
        "No module named", "Cannot find module", "Cannot find package", "ClassNotFoundException",
        "NoClassDefFoundError",
      ],
      advice: """
        A module is missing: package it with the function or in a layer, for the runtime's version, or \
        correct its name.
        """),
    KnownFailure(
      phrases: [
        "ProvisionedThroughputExceeded", "RequestLimitExceeded", "SlowDown", "TooManyRequests",
        "Too Many Requests", "status code 429", "RateLimitError", "rate limit",
      ],
      advice: """
        A service refuses calls for their number: retry with backoff and jitter, call in batches, and \
        raise the capacity or the quota; a queue in front evens peaks out.
        """),
    KnownFailure(
      phrases: [
        "deadlock detected", "Deadlock found", "Lock wait timeout exceeded",
        "could not serialize access", "TransactionConflict", "database is locked",
      ],
      advice: """
        Transactions hold each other up: retry the whole transaction, take locks in one order, and keep \
        transactions short.
        """),
    KnownFailure(
      phrases: ["ConditionalCheckFailed"],
      advice: """
        A condition of the write did not hold, as somebody else was first or a retry comes again: read \
        again and decide, and answer callers with 409 instead of an error.
        """),
    KnownFailure(
      phrases: [
        "RequestEntityTooLarge", "Exceeded maximum allowed payload size",
        "Request must be smaller than", "Http response code: 413",
      ],
      advice: """
        Keep the response below 6 MB (20 MB where it is streamed): page it, compress it, or hand out a \
        presigned URL.
        """),
    KnownFailure(
      phrases: [
        "NoSuchKey", "NoSuchBucket", "ResourceNotFoundException", "Requested resource not found",
        "NonExistentQueue", "QueueDoesNotExist", "ParameterNotFound",
      ],
      advice: """
        The resource that the message names is not there: check name, stage, region and account in the \
        configuration; where it may be missing, answer 404 instead of an error.
        """),
    KnownFailure(
      phrases: [
        "Maximum call stack size exceeded", "maximum recursion depth exceeded",
        "StackOverflowError", "stack overflow",
      ],
      advice: """
        The code calls itself without end: look for a cycle in the data or in the calls of the frames.
        """),
    KnownFailure(
      phrases: [
        "in JSON at position", "is not valid JSON", "Unexpected end of JSON input",
        "Expecting value: line", "JSONDecodeError", "JsonParseException",
      ],
      advice: """
        What was parsed is no JSON: check that the body is there and not in base64, log its first bytes, \
        and answer 400 where it came from the caller.
        """),
  ]
}

extension Fault {
  /// Returns what to change for a well-known message, otherwise `text`; and where to start.
  func advice(otherwise text: String) -> String {
    let location = error?.topFrame.map { " Start at \($0)." } ?? ""
    return (KnownFailure.of(error)?.advice ?? text) + location
  }
}
