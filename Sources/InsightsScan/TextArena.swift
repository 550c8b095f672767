internal import InsightsText

/// Memory for texts that a scan creates; all of it is released with the arena.
final class TextArena {
  @exclusivity(unchecked) private var chunks: [UnsafeMutableBufferPointer<UInt8>] = []
  @exclusivity(unchecked) private var end = 0
  /// The size of all its memory in bytes.
  @exclusivity(unchecked) private(set) var byteCount = 0

  deinit {
    for chunk in chunks { chunk.deallocate() }
  }

  /// Returns a cell with a copy of the text.
  func cell(copying text: UnsafeBufferPointer<UInt8>) -> Cell {
    guard !text.isEmpty else { return Cell(UnsafeBufferPointer(start: nil, count: 0)) }
    if chunks.last.map({ $0.count - end < text.count }) ?? true {
      // From 4 KB to 1 MB.
      let size = max(text.count, 4096 << min(chunks.count, 8))
      chunks.append(.allocate(capacity: size))
      byteCount += size
      end = 0
    }
    let chunk = chunks[chunks.count - 1]
    let place = UnsafeMutableBufferPointer(rebasing: chunk[end..<end + text.count])
    _ = place.initialize(from: text)
    end += text.count
    return Cell(UnsafeBufferPointer(place))
  }

  func cell(copying text: [UInt8]) -> Cell {
    text.withUnsafeBufferPointer { cell(copying: $0) }
  }

  /// Returns the same value; if it is a text, its copy in this arena.
  func copy(of cell: Cell) -> Cell {
    switch cell.kind {
    case .text: self.cell(copying: cell.text)
    case .wide: Cell(wide: self.cell(copying: cell.text).text)
    case .null, .integer, .real: cell
    }
  }

  /// Returns the cell as text, as the language shows it; NULL stays NULL.
  func text(of cell: Cell) -> Cell {
    switch cell.kind {
    case .null, .text: return cell
    case .wide: return Cell(cell.text)
    case .integer:
      var shown: [UInt8] = []
      NumericText.append(cell.integer, to: &shown)
      return self.cell(copying: shown)
    case .real:
      var shown: [UInt8] = []
      NumericText.append(cell.real, to: &shown)
      return self.cell(copying: shown)
    }
  }
}
