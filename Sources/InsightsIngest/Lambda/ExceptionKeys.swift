internal import InsightsText

/// The names under which loggers write exceptions into JSON, one table for all of them.
///
/// A name with dots (`exception.type`) is that of nested objects.
enum ExceptionKeys {
  /// Objects that are an exception, or texts that are its stack.
  static let holders: Set<String> = [
    "error", "err", "exception", "Exception", "exc", "exc_info", "thrown", "throwable",
    "throwableInfo",
    "stack_trace", "ExceptionDetail", "exceptionDetails", "errorDetails", "@exception", "cause",
    "exceptions",
  ]
  /// Names of an exception's class, in an object that is one; `code` is the last choice where there is
  /// a stack, and the first where there is none.
  static let types = [
    "type", "name", "class", "exc_type", "exception_class", "className", "ClassName", "Type",
    "Name", "kind", "errorClass", "exceptionType",
  ]
  static let code = "code"
  /// The same beside the message of the line.
  static let rootTypes = [
    "exception_name", "exception_type", "exceptionType", "exc_type", "error_type", "error_class",
    "exception_class", "exceptionClass",
  ]
  static let messages = [
    "message", "msg", "Message", "value", "exc_value", "exception_message", "localizedMessage",
    "reason",
  ]
  static let rootMessages = [
    "exception_message", "exceptionMessage", "exc_value", "error_message", "errorMessage", "error",
    "err",
  ]
  static let stacks: Set<String> = [
    "stack", "stacktrace", "stack_trace", "stackTrace", "StackTrace", "traceback", "trace",
    "backtrace", "extendedStackTrace", "frames", "StackTraceString", "exception_stacktrace",
    "errorVerbose", "stepArray",
  ]
  static let places = ["file", "location", "fileName"]
  /// Objects in which loggers put what is said of a line, so that an exception in them is the line's.
  static let containers: Set<String> = [
    "attributes", "fields", "record", "context", "extra", "properties", "Properties", "message",
    "msg", "log", "labels", "data", "body",
  ]

  /// The levels of lines that may quote an error but are none; the numbers are those of pino and
  /// Bunyan.
  static let quietLevels: Set<String> = [
    "INFO", "DEBUG", "TRACE", "INFORMATION", "VERBOSE", "NOTICE", "SUCCESS", "INF", "DBG", "VRB",
    "TRC", "FINE", "FINER", "FINEST", "10", "20", "30",
  ]
  static let levels: Set<String> = [
    "level", "severity", "levelname", "log_level", "loglevel", "logLevel", "LogLevel", "Level",
    "@l",
    "log.level", "severity_text", "severityText", "SeverityText", "level_name", "lvl",
    "record.level.name", "level.name",
  ]

  /// Lists of exceptions below the name of one, as Sentry has them.
  static let lists: Set<String> = ["values"]

  /// Words before an object that let it be an error: the levels of lines that are no quiet ones.
  static let loudWords: [StaticString] = ["ERROR", "CRITICAL", "FATAL", "ALERT", "EMERGENCY"]

  /// Of an object behind other text, keys of which one is there.
  static let inText: [StaticString] = [
    "\"errorType\"", "\"error\"", "\"exception", "\"err\"", "\"stack",
  ]
  /// The same inside a string.
  static let quoted: [StaticString] = [
    "errorType\\\"", "exception", "error\\\"", "err\\\"", "stack",
  ]
  /// How lines of stacks begin, behind blanks.
  static let frameBeginnings: [StaticString] = [
    "at ", "File \\", "> File", "goroutine ", "#0 ", "/", "Traceback (most recent call last)",
  ]
}
