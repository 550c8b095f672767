/// The addresses below `/api`.
///
/// A new one is a file and a line.
public enum APIRegistry {
  public static let all: [any APIHandler.Type] = []
}
