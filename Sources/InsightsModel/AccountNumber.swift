/// The numbers of AWS accounts.
public enum AccountNumber {
  /// What is shown if no input contains the account.
  public static let unknown = "000000000000"
}
