internal import InsightsText

/// The JSON keys of exceptions in all loggers, in one table.
///
/// A key with dots (`exception.type`) is that of a nested object.
enum ExceptionKeys {
  /// Keys of objects that are an exception, or of texts that are its stack.
  static let holders: Set<String> = [
    "error", "err", "exception", "Exception", "exc", "exc_info", "thrown", "throwable",
    "throwableInfo",
    "stack_trace", "ExceptionDetail", "exceptionDetails", "errorDetails", "@exception", "cause",
    "exceptions",
  ]
  /// Keys of an exception's class, inside an exception object.
  ///
  /// `code` has the lowest priority if there is a stack, and the highest if there is none.
  static let types = [
    "type", "name", "class", "exc_type", "exception_class", "className", "ClassName", "Type",
    "Name", "kind", "errorClass", "exceptionType",
  ]
  static let code = "code"
  /// The same, for keys beside the line's message.
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
  /// Objects in which loggers nest the fields of a line; an exception in one belongs to the line.
  static let containers: Set<String> = [
    "attributes", "fields", "record", "context", "extra", "properties", "Properties", "message",
    "msg", "log", "labels", "data", "body",
  ]

  /// The levels of lines that may quote an error without being one; the numbers are those of pino
  /// and Bunyan.
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

  /// Lists of exceptions inside an exception object, as in Sentry.
  static let lists: Set<String> = ["values"]

  /// Words before an object that allow it to be an error: the levels that are not quiet.
  static let loudWords: [StaticString] = ["ERROR", "CRITICAL", "FATAL", "ALERT", "EMERGENCY"]

  /// An object after other text must have at least one of these keys.
  static let inText: [StaticString] = [
    "\"errorType\"", "\"error\"", "\"exception", "\"err\"", "\"stack",
  ]
  /// The same keys inside a string.
  static let quoted: [StaticString] = [
    "errorType\\\"", "exception", "error\\\"", "err\\\"", "stack",
  ]
  /// The beginnings of stack lines, after white space.
  static let frameBeginnings: [StaticString] = [
    "at ", "File \\", "> File", "goroutine ", "#0 ", "/", "Traceback (most recent call last)",
  ]
}
