internal import CPCRE2
internal import Glibc

extension UnsafeBufferPointer<UInt8> {
  /// The bytes without the line breaks at the end, of any kind and number.
  public var withoutTrailingNewlines: UnsafeBufferPointer<UInt8> {
    var end = count
    while end > 0, self[end - 1] == 0x0A || self[end - 1] == 0x0D { end -= 1 }
    return UnsafeBufferPointer(rebasing: self[..<end])
  }

  /// Returns the offset of the first occurrence of `needle` at or after `start`.
  ///
  /// An empty needle is found at `start`.
  public func firstOffset(of needle: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
    guard start >= 0, start <= count, needle.count <= count - start else { return nil }
    guard let base = baseAddress, let wanted = needle.baseAddress, !needle.isEmpty else {
      return start
    }
    guard let found = insights_memmem(base + start, count - start, wanted, needle.count) else {
      return nil
    }
    return found - UnsafeRawPointer(base)
  }

  /// Compares bytes; returns a value less than, equal to or greater than zero.
  ///
  /// For UTF-8 this is the order of code points.
  public func compareBytes(with other: UnsafeBufferPointer<UInt8>) -> Int {
    let shared = Swift.min(count, other.count)
    if shared > 0, let left = baseAddress, let right = other.baseAddress {
      let difference = memcmp(left, right, shared)
      if difference != 0 { return Int(difference) }
    }
    return count - other.count
  }
}
