internal import InsightsText

/// Finds the line numbers of notices.
enum NoticeLines {
  /// Adds the line numbers to the notices about an input.
  ///
  /// The input is read again up to the last of them: counting the lines of every input would cost
  /// more than the few with notices.
  static func find(for notices: inout [Notice], in file: InputFile) {
    let places = notices.indices
      .filter { notices[$0].path == file.path && notices[$0].line == nil }
      .compactMap { index in notices[index].position.map { (position: $0, index: index) } }
      .sorted { $0.position < $1.position }
    guard !places.isEmpty else { return }
    file.rewind()
    var window = TextWindow()
    var start = 0
    var line = 1
    var rest = places[...]
    while !rest.isEmpty {
      let mayHaveMore = file.read(atLeast: 1 << 20, into: &window)
      let bytes = window.bytes
      var index = 0
      for place in rest where place.position < start + bytes.count || !mayHaveMore {
        while let end = bytes.firstOffset(of: 0x0A, from: index, to: place.position - start) {
          line += 1
          index = end + 1
        }
        notices[place.index].line = line
        rest = rest.dropFirst()
      }
      guard mayHaveMore else { return }
      while let end = bytes.firstOffset(of: 0x0A, from: index) {
        line += 1
        index = end + 1
      }
      start += bytes.count
      window.removeFirst(bytes.count)
    }
  }
}
