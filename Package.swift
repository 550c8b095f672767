// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target: Swift 6 mode (below) and no warning left standing.
let common: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Targets that never touch raw memory: the compiler proves it.
let memorySafe: [SwiftSetting] = common + [.strictMemorySafety()]

let package = Package(
  name: "insights",
  products: [.executable(name: "insights", targets: ["insights"])],
  traits: [
    .trait(name: "Server", description: "`insights serve`: an HTTP server"),
    .trait(
      name: "ClickHouse", description: "`--db clickhouse://…`: a store on a ClickHouse server"),
    .default(enabledTraits: ["Server", "ClickHouse"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    // C libraries, from Debian's -dev packages.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CMD", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    // The console's page, which C embeds fast.
    .target(name: "CConsoleAssets", exclude: ["console"]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

    .target(name: "InsightsThreads", dependencies: ["CMalloc"], swiftSettings: common),
    .target(
      name: "InsightsModel", dependencies: ["InsightsThreads"], swiftSettings: memorySafe),
    .target(
      name: "InsightsText", dependencies: ["InsightsThreads", "CMD", "CPCRE2"],
      swiftSettings: common),
    .target(
      name: "InsightsQuery", dependencies: ["InsightsModel", "InsightsText"],
      swiftSettings: memorySafe),
    .target(
      name: "InsightsSQL", dependencies: ["InsightsModel", "InsightsQuery"],
      swiftSettings: memorySafe),
    .target(
      name: "InsightsSQLite",
      dependencies: ["InsightsModel", "InsightsText", "InsightsThreads", "CMalloc", "CSQLite"],
      swiftSettings: common),
    .target(
      name: "InsightsSegments",
      dependencies: ["InsightsModel", "InsightsText", "InsightsThreads", "CZstd"],
      swiftSettings: common),
    .target(
      name: "InsightsScan",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsSQLite", "InsightsSegments",
        "CSQLite",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsFunctions",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsSQLite", "InsightsScan",
        "CSQLite",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsStore",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsSQLite", "InsightsSegments",
        "InsightsScan", "InsightsFunctions", "CSQLite",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsIngest",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsSQLite", "InsightsSegments",
        "InsightsScan", "InsightsStore",
        "CZlib", "CZstd",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsClickHouse",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsSQL",
        "InsightsSQLite", "InsightsSegments", "InsightsScan", "InsightsStore", "InsightsIngest",
        .product(
          name: "AsyncHTTPClient", package: "async-http-client",
          condition: .when(traits: ["ClickHouse"])),
      ],
      swiftSettings: common),
    .target(
      name: "InsightsOutput", dependencies: ["InsightsModel", "InsightsText"],
      swiftSettings: common),
    .target(
      name: "InsightsEngine",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsSQL",
        "InsightsSQLite", "InsightsScan", "InsightsStore", "InsightsIngest", "InsightsClickHouse",
        "InsightsOutput",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsTriage",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsSQLite", "InsightsStore", "InsightsEngine",
        "InsightsOutput",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsMetrics",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsQuery", "InsightsStore", "InsightsEngine",
        "InsightsTriage",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsService",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsStore",
        "InsightsIngest", "InsightsEngine", "InsightsOutput", "InsightsTriage", "InsightsMetrics",
        "CConsoleAssets", "CZlib",
      ],
      swiftSettings: common),
    .target(
      name: "InsightsServer",
      dependencies: [
        "InsightsText", "InsightsThreads", "InsightsService",
        .product(
          name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"])),
      ],
      swiftSettings: common),
    .executableTarget(
      name: "insights",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsScan",
        "InsightsStore",
        "InsightsIngest", "InsightsClickHouse", "InsightsEngine", "InsightsOutput",
        "InsightsTriage", "InsightsMetrics", "InsightsService", "InsightsServer", "CEdit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: common),

    // The hot loops by themselves: make bench-loops. In a release it is empty, as it looks into
    // the others, which have to be built for testing.
    .executableTarget(
      name: "InsightsBenchmarks",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsSQLite",
        "InsightsSegments", "InsightsScan", "InsightsStore",
        "InsightsIngest", "InsightsEngine", "InsightsOutput",
      ],
      swiftSettings: common),

    .target(
      name: "InsightsTestSupport",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsSQL",
        "InsightsSQLite", "InsightsSegments", "InsightsScan", "InsightsStore", "InsightsIngest",
        "InsightsClickHouse",
        "InsightsEngine", "InsightsOutput",
      ],
      swiftSettings: common),
    .testTarget(
      name: "InsightsTextTests", dependencies: ["InsightsText", "InsightsTestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "InsightsThreadsTests", dependencies: ["InsightsThreads"], swiftSettings: common),
    .testTarget(
      name: "InsightsQueryTests",
      dependencies: ["InsightsModel", "InsightsQuery", "InsightsSQL", "InsightsTestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "InsightsStoreTests",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsSQLite", "InsightsSegments", "InsightsScan",
        "InsightsFunctions", "InsightsStore", "InsightsTestSupport",
      ],
      swiftSettings: common),
    .testTarget(
      name: "InsightsIngestTests",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsSQLite", "InsightsSegments", "InsightsScan",
        "InsightsStore", "InsightsIngest",
        "InsightsTestSupport",
      ],
      exclude: ["Samples"], swiftSettings: common),
    .testTarget(
      name: "InsightsEngineTests",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsSQL",
        "InsightsScan", "InsightsStore", "InsightsIngest", "InsightsEngine", "InsightsTestSupport",
      ],
      swiftSettings: common),
    .testTarget(
      name: "InsightsTriageTests",
      dependencies: ["InsightsTriage", "InsightsTestSupport"], swiftSettings: common),
    .testTarget(
      name: "InsightsMetricsTests",
      dependencies: ["InsightsMetrics", "InsightsTestSupport"], swiftSettings: common),
    .testTarget(
      name: "InsightsClickHouseTests",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsQuery", "InsightsSQL",
        "InsightsSegments", "InsightsScan", "InsightsStore", "InsightsIngest", "InsightsClickHouse",
        "InsightsEngine",
        "InsightsOutput", "InsightsTestSupport",
      ],
      swiftSettings: common),
    .testTarget(
      name: "InsightsOutputTests", dependencies: ["InsightsModel", "InsightsOutput"],
      swiftSettings: common),
    .testTarget(
      name: "InsightsServiceTests",
      dependencies: [
        "InsightsModel", "InsightsText", "InsightsThreads", "InsightsStore", "InsightsEngine",
        "InsightsService", "InsightsServer", "InsightsTestSupport",
      ],
      swiftSettings: common),
    .testTarget(
      name: "GoldenTests",
      dependencies: [
        "InsightsModel", "InsightsThreads", "InsightsSQLite", "InsightsQuery", "InsightsScan",
        "InsightsStore",
        "InsightsEngine", "InsightsOutput", "InsightsTestSupport",
      ],
      exclude: ["Cases"], swiftSettings: common),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["InsightsModel", "InsightsSQLite", "insights", "InsightsTestSupport"],
      swiftSettings: common),
    .testTarget(
      name: "RepositoryTests",
      dependencies: [
        "InsightsEngine", "InsightsOutput", "InsightsQuery", "InsightsTestSupport",
      ],
      swiftSettings: common),
  ],
  swiftLanguageModes: [.v6]
)
