internal import InsightsText

/// Where the next page of a list begins: opaque text that belongs to one request.
///
/// It holds a place and a digest of the request, so that it stays good when the server starts anew,
/// and is refused with another request.
public enum PageToken {
  /// Members that may change from page to page.
  private static let pageMembers: Set = ["nextToken", "limit", "maxResults", "maxItems"]
  private static let digestByteCount = 8

  /// The token of a place.
  public static func text(of place: String, for request: AWSRequest) -> String {
    var bytes: [UInt8] = []
    (digest(of: request) + Array(place.utf8)).withUnsafeBufferPointer {
      Base64.append($0, to: &bytes)
    }
    // Some clients put it into an address.
    let text = bytes.filter { $0 != UInt8(ascii: "=") }.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: byte
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The place that the request's token leads to; `nil` without a token.
  ///
  /// - Throws: `AWSError.invalidToken` for one of another request, or none of ours.
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
  /// A page of elements, from the place that the token names, and the token of the next page.
  ///
  /// A place is text that says where an element stands in the order of the list, whatever comes and
  /// goes around it; `isBehind` says whether an element stands behind a place.
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
  /// Whether the bytes of this text sort before those of another: AWS's order of names.
  func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
