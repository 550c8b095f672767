package import InsightsScan
internal import InsightsSQLite
internal import InsightsModel
internal import CSQLite

/// A call of a function: its arguments, and the destination of its result.
package struct SQLCall {
  let context: OpaquePointer?
  private let values: UnsafeMutablePointer<OpaquePointer?>?
  let argumentCount: Int

  @inline(__always)
  package init(
    _ context: OpaquePointer?, _ argumentCount: Int32,
    _ values: UnsafeMutablePointer<OpaquePointer?>?
  ) {
    self.context = context
    self.values = values
    self.argumentCount = values == nil ? 0 : Int(argumentCount)
  }

  /// The argument at an index from 0; NULL if there is none.
  subscript(index: Int) -> SQLValue {
    guard index >= 0, index < argumentCount else { return SQLValue(handle: nil) }
    return SQLValue(handle: values?[index])
  }

  /// Whether any of the arguments is NULL.
  var hasNull: Bool {
    for index in 0..<argumentCount where self[index].isNull { return true }
    return false
  }

  private var function: FunctionContext? {
    sqlite3_user_data(context).map {
      Unmanaged<FunctionContext>.fromOpaque($0).takeUnretainedValue()
    }
  }

  var workspace: FunctionWorkspace { function?.workspace ?? FunctionWorkspace() }

  // MARK: Results

  func setResult(_ integer: Int64) { sqlite3_result_int64(context, integer) }

  func setResult(_ real: Double) { sqlite3_result_double(context, real) }

  func setResult(_ truth: Bool) { sqlite3_result_int(context, truth ? 1 : 0) }

  /// Returns an argument unchanged, including its type.
  func setResult(_ value: SQLValue) { sqlite3_result_value(context, value.handle) }

  package func setResult(_ cell: Cell) {
    switch cell.kind {
    case .null: sqlite3_result_null(context)
    case .integer: setResult(cell.integer)
    case .real: setResult(cell.real)
    case .text: setResult(text: cell.text)
    case .wide: setResult(blob: cell.text)
    }
  }

  func setResult(text bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= QueryBudget.valueByteCount else { return failWithTooLongValue() }
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      insights_sqlite3_result_text(context, "", 0)
      return
    }
    insights_sqlite3_result_text(
      context, UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), UInt64(bytes.count))
  }

  /// Returns a text that the statement parses again, and that is not a value of the language.
  func setResult(intermediateText bytes: [UInt8]) {
    bytes.withUnsafeBytes {
      insights_sqlite3_result_text(
        context, $0.bindMemory(to: CChar.self).baseAddress ?? UnsafePointer(bitPattern: 1),
        UInt64($0.count))
    }
  }

  func setResult(text bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { setResult(text: $0) }
  }

  func setResult(blob bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { setResult(blob: $0) }
  }

  func setResult(blob bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= QueryBudget.valueByteCount else { return failWithTooLongValue() }
    insights_sqlite3_result_blob(context, bytes.baseAddress, UInt64(bytes.count))
  }

  /// Stops the statement with an error message.
  func fail(_ message: String) { sqlite3_result_error(context, message, -1) }

  /// Stops the statement with an error.
  func fail(_ error: StoreError) {
    workspace.failure = error
    fail("\(error)")
  }

  /// Stops the statement because of a value above the length limit; for functions that build long
  /// values, before they do.
  func failWithTooLongValue() {
    fail(
      .limitReached(
        .valueBytes(
          function: function?.name ?? "", limit: QueryBudget.valueByteCount)))
  }

  // MARK: Memory

  /// Returns an object made from an argument that is the same in every row, such as a compiled
  /// pattern.
  ///
  /// It is made again if SQLite has not cached it. Each argument of a function must use a single
  /// type.
  func cached<Object: AnyObject>(
    forArgument index: Int, make: (SQLValue) throws -> Object
  ) rethrows -> Object {
    if let kept = sqlite3_get_auxdata(context, Int32(index)) {
      return Unmanaged<Object>.fromOpaque(kept).takeUnretainedValue()
    }
    let object = try make(self[index])
    // SQLite may release its reference at once; `object` is a separate one.
    sqlite3_set_auxdata(context, Int32(index), Unmanaged.passRetained(object).toOpaque()) {
      guard let kept = $0 else { return }
      Unmanaged<AnyObject>.fromOpaque(kept).release()
    }
    return object
  }

  /// Adds `byteCount` bytes (possibly negative) to the memory of groups; stops the statement at the
  /// limit.
  func changeGroupMemory(by byteCount: Int) {
    do throws(StoreError) { try workspace.budget.memory.change(by: byteCount) } catch {
      fail(error)
    }
  }

  /// Whether the groups of the statement exceed the memory limit; finalizers still run.
  var groupsHoldTooMuch: Bool { workspace.budget.memory.isExceeded }

  /// Returns a copy of a value, which the caller must free.
  ///
  /// If there is no memory for it, returns `nil` and the statement fails.
  func copy(of value: SQLValue) -> OpaquePointer? {
    let copy = sqlite3_value_dup(value.handle)
    if copy == nil { sqlite3_result_error_nomem(context) }
    return copy
  }

  /// Returns the memory of the group that an aggregate works on; all zeros at the group's first
  /// row.
  ///
  /// `nil` if there is no memory, and at the end of a group without rows. SQLite frees it. The
  /// aggregate's finalizer, which also runs after a failure, must free what it refers to.
  func group<State: BitwiseCopyable>(_: State.Type, isEnd: Bool = false) -> UnsafeMutablePointer<
    State
  >? {
    let size = isEnd ? 0 : MemoryLayout<State>.size
    return sqlite3_aggregate_context(context, Int32(size))?.assumingMemoryBound(to: State.self)
  }
}
