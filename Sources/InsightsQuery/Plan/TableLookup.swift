/// A value from the first row of a lookup table that fits.
public struct TableLookup: Hashable, Sendable {
  /// The table's name; the store has its rows.
  public var table: String
  /// The columns that must hold the values looked up, in order.
  public var keys: [String]
  /// Whether the key column holds address ranges, of which the narrowest that has the address fits.
  public var isByNetwork: Bool
  /// The column that gives the value.
  public var result: String
}
