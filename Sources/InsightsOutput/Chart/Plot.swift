/// The area inside the axes of a chart drawn with characters.
struct Plot {
  /// From top to bottom.
  var rows: [String]
  /// The width of the time axis in columns.
  var width: Int
  /// Maps a time to a column.
  var column: (Int64) -> Int
}

/// Draws a column for each bin, in eighths of a character.
///
/// If there are more bins than columns, bins share a column and the highest of them is drawn.
struct ColumnPlot {
  let plot: Plot

  init(
    _ points: [Chart.TimePoint], axis: Chart.TimeAxis, values: ValueScale, width: Int, height: Int
  ) {
    let step = axis.step ?? 1
    let binCount = (axis.last - axis.first) / step + 1
    let binsPerColumn = max(1, (binCount + Int64(width) - 1) / Int64(width))
    let barCount = Int((binCount + binsPerColumn - 1) / binsPerColumn)
    let columnsPerBar = min(8, max(1, width / barCount))
    let first = axis.first
    func bar(_ time: Int64) -> Int { Int((time - first) / step / binsPerColumn) }

    var heights = [Int](repeating: 0, count: barCount)
    for point in points {
      let eighths = Int((values.fraction(of: point.value) * Double(height * 8)).rounded())
      heights[bar(point.time)] = max(
        heights[bar(point.time)], point.value > 0 ? max(1, eighths) : 0)
    }
    let blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    // Separate wide columns by a gap.
    let gap = columnsPerBar > 2 ? 1 : 0
    let rows = (0..<height).map { row in
      let base = (height - 1 - row) * 8
      return heights.map { eighths in
        String(repeating: blocks[min(8, max(0, eighths - base))], count: columnsPerBar - gap)
          + String(repeating: " ", count: gap)
      }.joined()
    }
    plot = Plot(rows: rows, width: barCount * columnsPerBar) { bar($0) * columnsPerBar }
  }
}

/// Draws dots, two by four in each character, connected or not.
struct DotPlot {
  let plot: Plot

  init(
    _ points: [Chart.TimePoint], axis: Chart.TimeAxis, isJoined: Bool, values: ValueScale,
    width: Int, height: Int
  ) {
    var dots = Dots(width: width, height: height)
    let span = max(1, Double(axis.last - axis.first))
    func position(_ time: Int64, of count: Int) -> Int {
      Int((Double(time - axis.first) / span * Double(count - 1)).rounded())
    }
    var previous: (point: Chart.TimePoint, x: Int, y: Int)?
    for point in points {
      let x = position(point.time, of: width * 2)
      let y = Int(((1 - values.fraction(of: point.value)) * Double(height * 4 - 1)).rounded())
      // Leave a gap at a bin without a value.
      if isJoined, let previous, let step = axis.step, point.time - previous.point.time <= step {
        dots.draw(from: (previous.x, previous.y), to: (x, y))
      } else {
        dots.set(x, y)
      }
      previous = (point, x, y)
    }
    plot = Plot(rows: dots.rows, width: width) { position($0, of: width) }
  }

  private struct Dots {
    let width: Int
    /// The dots of each character, as the low byte of its code point.
    private var letters: [UInt8]

    init(width: Int, height: Int) {
      self.width = width
      letters = [UInt8](repeating: 0, count: width * height)
    }

    mutating func set(_ x: Int, _ y: Int) {
      let left: [UInt8] = [0x01, 0x02, 0x04, 0x40]
      let right: [UInt8] = [0x08, 0x10, 0x20, 0x80]
      letters[y / 4 * width + x / 2] |= x.isMultiple(of: 2) ? left[y % 4] : right[y % 4]
    }

    mutating func draw(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
      let count = max(abs(end.x - start.x), abs(end.y - start.y), 1)
      for index in 0...count {
        let part = Double(index) / Double(count)
        set(
          start.x + Int((Double(end.x - start.x) * part).rounded()),
          start.y + Int((Double(end.y - start.y) * part).rounded()))
      }
    }

    var rows: [String] {
      stride(from: 0, to: letters.count, by: width).map { start in
        var row = String.UnicodeScalarView()
        for dots in letters[start..<start + width] {
          // Braille patterns begin at U+2800; the empty one is replaced by a space.
          row.append(dots == 0 ? " " : Unicode.Scalar(0x2800 + UInt16(dots)) ?? " ")
        }
        return String(row)
      }
    }
  }
}

/// The line below a plot, with a tick for each round time, and the labels under it.
struct TickMarks {
  private(set) var rule = ""
  private(set) var labels = ""

  /// Places ticks; a label that would touch the previous one is omitted with its tick.
  init(ticks: [(column: Int, label: String)], plotWidth: Int, lineWidth: Int) {
    var marks: Set<Int> = []
    for (column, label) in ticks where label.count <= lineWidth {
      let start = min(max(0, column - label.count / 2), lineWidth - label.count)
      guard labels.isEmpty || start >= labels.count + 2 else { continue }
      labels += String(repeating: " ", count: start - labels.count) + label
      marks.insert(column)
    }
    rule = (0..<plotWidth).map { marks.contains($0) ? "┬" : "─" }.joined()
  }
}
