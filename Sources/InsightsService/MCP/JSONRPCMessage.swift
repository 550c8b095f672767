internal import InsightsText

/// A message of JSON-RPC 2.0.
enum JSONRPCMessage: Sendable {
  case request(JSONRPCRequest)
  case notification(method: String, parameters: JSONObject)
  /// A response to a request of this server, which sends none.
  case response
}

/// A request, which gets exactly one response.
struct JSONRPCRequest: Sendable {
  /// A string or an integer.
  var id: JSONValue
  var method: String
  var parameters: JSONObject

  /// The metadata of the request.
  var meta: JSONObject { parameters["_meta"]?.object ?? JSONObject() }
}

/// The error response of a request.
struct JSONRPCError: Error, Hashable, Sendable {
  /// The error codes of JSON-RPC, and those of MCP.
  enum Code: Int, Sendable {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParameters = -32602
    case internalError = -32603
    case headerMismatch = -32020
    case unsupportedRevision = -32022
  }

  var code: Code
  var message: String
  var data: JSONValue?

  init(_ code: Code, _ message: String, data: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }
}

extension JSONRPCMessage {
  /// A malformed message, with the id for its response if it can be read.
  struct Malformed: Error {
    var id = JSONValue.null
    var error: JSONRPCError
  }

  /// Parses one message.
  ///
  /// - Throws: `Malformed`.
  init(_ value: JSONValue) throws(Malformed) {
    guard case .object(let object) = value else {
      throw Malformed(error: JSONRPCError(.invalidRequest, "a message is a JSON object"))
    }
    // `null` is not a valid id, but differs from a missing one.
    let id = object.members.last { $0.name == "id" }?.value
    if let id, !id.isRequestID {
      throw Malformed(
        error: JSONRPCError(.invalidRequest, "'id' has to be a string or a whole number"))
    }
    func malformed(_ code: JSONRPCError.Code, _ message: String) -> Malformed {
      Malformed(id: id ?? .null, error: JSONRPCError(code, message))
    }
    guard object["jsonrpc"] == .string("2.0") else {
      throw malformed(.invalidRequest, "'jsonrpc' has to be \"2.0\"")
    }
    guard let methodName = object["method"] else {
      guard id != nil, object["result"] != nil || object["error"] != nil else {
        throw malformed(.invalidRequest, "'method' is missing")
      }
      self = .response
      return
    }
    guard case .string(let method) = methodName else {
      throw malformed(.invalidRequest, "'method' has to be a string")
    }
    guard case .object(let parameters) = object["params"] ?? .object(JSONObject()) else {
      throw malformed(.invalidParameters, "'params' has to be an object")
    }
    guard let id else {
      self = .notification(method: method, parameters: parameters)
      return
    }
    self = .request(JSONRPCRequest(id: id, method: method, parameters: parameters))
  }
}

extension JSONValue {
  var isRequestID: Bool {
    switch self {
    case .string: true
    case .number: integer != nil
    default: false
    }
  }
}

/// The messages that are sent.
enum JSONRPCAnswer {
  static func result(_ result: JSONObject, id: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": id, "result": .object(result)]
  }

  static func error(_ error: JSONRPCError, id: JSONValue) -> JSONValue {
    var object: JSONObject = [
      "code": .integer(error.code.rawValue), "message": .string(error.message),
    ]
    object["data"] = error.data
    return ["jsonrpc": "2.0", "id": id, "error": .object(object)]
  }

  static func notification(_ method: String, _ parameters: JSONObject) -> JSONValue {
    ["jsonrpc": "2.0", "method": .string(method), "params": .object(parameters)]
  }
}
