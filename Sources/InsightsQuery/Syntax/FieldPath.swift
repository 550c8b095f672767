/// A dotted name, split: `j.users.0.name` is `name` of the first of `users` of `j`.
///
/// A key that contains dots is in backticks inside the name: ``j.`a.b` ``.
struct FieldPath {
  /// The parts in order, without backticks; never empty.
  let keys: [String]

  init(_ name: String) {
    guard name.utf8.contains(UInt8(ascii: "`")) else {
      keys = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      return
    }
    var keys: [String] = []
    // Split at backticks, every second part is a quoted key, and dots around it are only
    // separators.
    let pieces = name.split(separator: "`", omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated() {
      guard index.isMultiple(of: 2) else {
        keys.append(String(piece))
        continue
      }
      let joined = piece.drop { $0 == "." && index > 0 }
      let isBeforeKey = index < pieces.count - 1
      let plain = isBeforeKey && joined.last == "." ? joined.dropLast() : joined
      guard !plain.isEmpty else { continue }
      keys += plain.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }
    self.keys = keys.isEmpty ? [name] : keys
  }

  /// Returns the name of a part of `base`.
  static func name(_ base: String, keys: [String]) -> String {
    ([base] + keys.map { $0.contains(".") ? "`\($0)`" : $0 }).joined(separator: ".")
  }

  /// The name under which CloudWatch discovers the part in JSON: the keys, joined by dots.
  var flattened: String { keys.joined(separator: ".") }
}
