internal import InsightsText

/// An opaque token for the next page of a list, valid only for the same request.
///
/// It contains a place and a digest of the request, so that it survives a restart of the server,
/// and is rejected with another request.
public enum PageToken {
  /// Members that may differ from page to page.
  private static let pageMembers: Set = ["nextToken", "limit", "maxResults", "maxItems"]
  private static let digestByteCount = 8

  /// Returns the token of a place.
  public static func text(of place: String, for request: AWSRequest) -> String {
    var bytes: [UInt8] = []
    (digest(of: request) + Array(place.utf8)).withUnsafeBufferPointer {
      Base64.append($0, to: &bytes)
    }
    // Some clients put it into a URL.
    let text = bytes.filter { $0 != UInt8(ascii: "=") }.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: byte
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the place in the request's token; `nil` without a token.
  ///
  /// - Throws: `AWSError.invalidToken` for a token that is malformed or belongs to another request.
  public static func place(in request: AWSRequest) throws(AWSError) -> String? {
    guard let token = request.string("nextToken") else { return nil }
    var bytes: [UInt8] = []
    let isText = Array(token.utf8).withUnsafeBufferPointer {
      Base64.appendDecoded($0, to: &bytes)
    }
    guard isText, bytes.starts(with: digest(of: request)),
      let place = String(validating: bytes.dropFirst(digestByteCount), as: UTF8.self)
    else { throw .invalidToken }
    return place
  }

  private static func digest(of request: AWSRequest) -> [UInt8] {
    let members = request.input.members
      .filter { !pageMembers.contains($0.name) && $0.value != .null }
      .sorted { $0.name < $1.name }
    var bytes = Array(request.operation.utf8)
    for member in members {
      JSONWriter.append(string: member.name, to: &bytes)
      member.value.append(to: &bytes)
    }
    return Array(SHA256.digest(of: bytes).prefix(digestByteCount))
  }
}

extension AWSRequest {
  /// Returns a page of elements, from the place in the request's token, and the token of the next
  /// page.
  ///
  /// A place is a text for an element's position in the list's order, which stays valid when
  /// elements are added or removed; `isBehind` says whether an element comes after a place.
  public func page<Element>(
    of elements: [Element], limit: Int, place: (Element) -> String,
    isBehind: (Element, String) -> Bool
  ) throws(AWSError) -> (elements: [Element], nextToken: String?) {
    var rest = elements[...]
    if let last = try PageToken.place(in: self) { rest = rest.drop { !isBehind($0, last) } }
    let page = rest.prefix(limit)
    guard page.count < rest.count, let last = page.last else { return (Array(page), nil) }
    return (Array(page), PageToken.text(of: place(last), for: self))
  }

  /// The same for elements in ascending order of the bytes of their keys.
  public func page<Element>(
    of elements: [Element], limit: Int, key: (Element) -> String
  ) throws(AWSError) -> (elements: [Element], nextToken: String?) {
    try page(of: elements, limit: limit, place: key) { $1.isBefore(key($0)) }
  }
}

extension String {
  /// Whether this text sorts before another by bytes: AWS's order of names.
  func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
