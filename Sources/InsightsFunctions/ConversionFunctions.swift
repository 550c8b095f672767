internal import InsightsScan
internal import Glibc
internal import InsightsText

/// `ql_integer`, `ql_real`, `ql_is_numeric`, `ql_hex_to_dec`, `ql_dec_to_hex`, `ql_haversine`:
/// conversions and computations of numbers.
enum ConversionFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_integer", arguments: 2) {
        ConversionFunctions.integer(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_real", arguments: 1) { ConversionFunctions.real(SQLCall($0, $1, $2)) },
      SQLFunction("ql_is_numeric", arguments: 1) {
        ConversionFunctions.isNumeric(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_hex_to_dec", arguments: 1) {
        ConversionFunctions.decimal(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_dec_to_hex", arguments: 1) {
        ConversionFunctions.hexadecimal(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_haversine", arguments: 4) {
        ConversionFunctions.distance(SQLCall($0, $1, $2))
      },
    ]
  }

  /// Returns the integral part of a number, if it fits in the number of bits.
  private static func integer(_ call: SQLCall) {
    guard !call.hasNull, let number = call[0].wholeNumber, let bits = call[1].wholeNumber else {
      return
    }
    if bits == 32, Int32(exactly: number) == nil { return }
    call.setResult(number)
  }

  private static func real(_ call: SQLCall) {
    if let number = call[0].number?.real { call.setResult(number) }
  }

  private static func isNumeric(_ call: SQLCall) {
    guard !call.hasNull else { return }
    call.setResult(call[0].number != nil)
  }

  /// Parses hexadecimal digits in either case, with or without `0x`, below 2⁶³.
  private static func decimal(_ call: SQLCall) {
    guard !call.hasNull else { return }
    let number = call[0].withText { text -> Int64? in
      var digits = text[...]
      let isNegative = digits.first == UInt8(ascii: "-")
      if isNegative { digits.removeFirst() }
      if digits.starts(with: "0x".utf8) || digits.starts(with: "0X".utf8) { digits.removeFirst(2) }
      guard !digits.isEmpty, digits.count <= 64 else { return nil }
      var number: Int64 = 0
      for byte in digits {
        guard let digit = hexDigit(byte), number < 1 << 59 else { return nil }
        number = number << 4 | digit
      }
      return isNegative ? -number : number
    }
    if let number { call.setResult(number) }
  }

  private static func hexDigit(_ byte: UInt8) -> Int64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int64(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int64(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// Returns `0xff` for 255 and 255.9, `-0xff` for -255.
  private static func hexadecimal(_ call: SQLCall) {
    guard !call.hasNull, let number = call[0].wholeNumber else { return }
    let digits = String(number.magnitude, radix: 16)
    call.setResult(text: Array(((number < 0 ? "-0x" : "0x") + digits).utf8))
  }

  /// The mean radius of the earth in kilometres.
  private static let earthRadius = 6371.0088

  /// Returns the great-circle distance of two points, given in degrees, in kilometres.
  private static func distance(_ call: SQLCall) {
    guard !call.hasNull, let latitude1 = call[0].number?.real,
      let longitude1 = call[1].number?.real, let latitude2 = call[2].number?.real,
      let longitude2 = call[3].number?.real
    else { return }
    let radians = Double.pi / 180
    let latitudeSine = sin((latitude2 - latitude1) * radians / 2)
    let longitudeSine = sin((longitude2 - longitude1) * radians / 2)
    let chord =
      latitudeSine * latitudeSine
      + cos(latitude1 * radians) * cos(latitude2 * radians) * longitudeSine * longitudeSine
    let distance = 2 * earthRadius * asin(min(1, chord.squareRoot()))
    if distance.isFinite { call.setResult(distance) }
  }
}
