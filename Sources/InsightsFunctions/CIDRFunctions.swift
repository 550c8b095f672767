internal import InsightsModel

/// `ql_cidr_row(address, table, column)`: the row number, from 1, of the narrowest range in a
/// lookup table that contains an address; NULL if there is none.
enum CIDRFunctions {
  static var all: [SQLFunction] {
    [SQLFunction("ql_cidr_row", arguments: 3) { CIDRFunctions.row(SQLCall($0, $1, $2)) }]
  }

  private static func row(_ call: SQLCall) {
    guard !call[0].isNull else { return }
    // Both arguments are literals, so the cached ranges always belong to this column.
    let ranges = call.cached(forArgument: 1) { name in
      let table = name.withText { String(decoding: $0, as: UTF8.self) }
      let column = call[2].withText { String(decoding: $0, as: UTF8.self) }
      return CIDRRanges(of: column, in: call.workspace.lookupTables[table])
    }
    guard let address = call[0].withText({ AddressFunctions.Address($0) }),
      let row = ranges.row(holding: address)
    else { return }
    call.setResult(row)
  }
}

/// The address ranges in a column of a table.
private final class CIDRRanges {
  /// Address ranges of one IP version and prefix length, by prefix.
  private struct Level {
    var addressBits: Int
    var prefixLength: Int
    var rows: [UInt128: Int64]
  }

  /// Narrowest ranges first.
  private let levels: [Level]

  /// Cells that are not ranges such as `192.0.2.0/24` contain no addresses.
  init(of column: String, in table: LookupTable?) {
    var levels: [Level] = []
    if let table, let index = table.columns.firstIndex(of: column) {
      for (row, cells) in table.rows.enumerated() where index < cells.count {
        var cell = cells[index]
        guard let subnet = cell.withUTF8({ AddressFunctions.subnet($0) }) else { continue }
        let prefix = subnet.base.value >> UInt128(subnet.base.bits - subnet.prefixLength)
        let level = levels.firstIndex {
          $0.addressBits == subnet.base.bits && $0.prefixLength == subnet.prefixLength
        }
        if let level {
          if levels[level].rows[prefix] == nil { levels[level].rows[prefix] = Int64(row + 1) }
        } else {
          levels.append(
            Level(
              addressBits: subnet.base.bits, prefixLength: subnet.prefixLength,
              rows: [prefix: Int64(row + 1)]))
        }
      }
    }
    self.levels = levels.sorted { $0.prefixLength > $1.prefixLength }
  }

  func row(holding address: AddressFunctions.Address) -> Int64? {
    for level in levels where level.addressBits == address.bits {
      let prefix = address.value >> UInt128(address.bits - level.prefixLength)
      if let row = level.rows[prefix] { return row }
    }
    return nil
  }
}
