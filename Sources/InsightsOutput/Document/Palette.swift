/// The colours of all pages: reports and the console.
public enum Palette {
  /// CSS custom properties for the light and dark schemes.
  public static let styleSheet = """
    :root {
      color-scheme: light dark;
      --page: #ffffff; --text: #1c2430; --quiet: #5a6675; --line: #d9dfe7; --panel: #f5f7fa;
      --shade: #00000026; --link: #1d5fa8;
      --on-status: #ffffff; --server: #b3262f; --caller: #8a5a00; --s0: #46688f;
      --s1: #2a6fb8; --s2: #c2570c; --s3: #1c8047; --s4: #9333ab; --s5: #c02f3b;
      --s6: #0b7c93; --s7: #86640a; --s8: #56616f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #12161c; --text: #e3e8ef; --quiet: #9aa7b6; --line: #2c3541; --panel: #1a2029;
        --shade: #00000080; --link: #7ab8f5;
        --on-status: #12161c; --server: #f27581; --caller: #d9b23c; --s0: #86a8d4;
        --s1: #5aa2e6; --s2: #f08c4a; --s3: #4fc37c; --s4: #cf86e6; --s5: #f27581;
        --s6: #3cc4dc; --s7: #d9b23c; --s8: #a3afbd;
      }
    }
    """
}
