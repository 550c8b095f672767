internal import InsightsText

extension FailureCause {
  /// The function failed before its handler could run.
  static let failedInit = FailureCause(
    status: 502, httpAPIStatus: 500, grouping: .fingerprint,
    matches: { fault in
      guard let type = fault.errorType else { return false }
      return types.contains(type) || type.hasPrefix("Extension.")
    },
    title: { "failed init: \($0.errorType ?? "")" },
    evidence: { _ in ["it fails before the handler runs, so every request of a new sandbox fails"]
    },
    advice: { fault in
      switch fault.errorType {
      case AWSMessages.ErrorType.importFailed:
        "Package the missing module for the function's runtime and architecture (layer, "
          + "requirements, node_modules), or correct the handler's module path; then deploy "
          + "again, or roll back."
      case AWSMessages.ErrorType.handlerNotFound, "Runtime.MalformedHandlerName":
        "Correct the function's handler setting (file.function), or export that name."
      case AWSMessages.ErrorType.syntaxError:
        "Correct the syntax, and check that the runtime's version knows it."
      case "Runtime.InvalidEntrypoint", "Runtime.InvalidWorkingDir", "Runtime.InvalidTaskConfig":
        "Correct the image's ENTRYPOINT, CMD and WORKDIR, and build it for the function's "
          + "architecture (x86_64 or arm64)."
      case let type? where type.hasPrefix("Extension."):
        "Update or remove the extension's layer; it failed, not the function's code."
      default:
        "Correct what runs before the handler (imports, clients, configuration), and keep it below "
          + "the 10 s of the init phase."
      }
    })

  private static let types: Set = [
    AWSMessages.ErrorType.importFailed, AWSMessages.ErrorType.handlerNotFound,
    AWSMessages.ErrorType.syntaxError, "Runtime.MalformedHandlerName", "Runtime.InvalidEntrypoint",
    "Runtime.InvalidWorkingDir",
    "Runtime.InvalidTaskConfig", "Runtime.InitError", "Runtime.BuiltInModuleConflict",
    "Runtime.BadFunctionCode", "Runtime.NoSuchHandler", "Runtime.AfterRestoreError",
    "Runtime.BeforeSnapshotError", "Runtime.BeforeCheckpointError",
  ]
}

extension Fault {
  /// The type of the error, from the error itself or the REPORT.
  var errorType: String? { error?.type ?? invocation?.errorType }
}
