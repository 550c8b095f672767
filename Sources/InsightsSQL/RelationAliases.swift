/// The names of the relations in one statement: a relation that is read again gets a number.
final class RelationAliases {
  private var counts: [String: Int] = [:]

  func alias(for relation: String) -> String {
    let count = (counts[relation] ?? 0) + 1
    counts[relation] = count
    return count == 1 ? relation : "\(relation):\(count)"
  }
}
