// The system's libedit, by the functions of readline. Its settings are global variables, which
// Swift does not let anybody touch; here they are set by functions.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <editline/readline.h>

/// Sets what completes: `complete` gets a word and where it starts and ends in the line.
static inline void insights_edit_set_completion(
    char **(*complete)(const char *word, int start, int end), const char *word_breaks) {
  rl_attempted_completion_function = complete;
  rl_basic_word_break_characters = word_breaks;
  rl_completer_word_break_characters = strdup(word_breaks);
}

/// Whether file names are offered where `complete` has nothing, and what follows a whole word.
static inline void insights_edit_end_completion(char appended) {
  rl_attempted_completion_over = 1;
  rl_completion_append_character = appended;
}

/// The line as far as it is typed.
static inline const char *insights_edit_line(void) { return rl_line_buffer ? rl_line_buffer : ""; }
