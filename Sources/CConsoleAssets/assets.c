#include "CConsoleAssets.h"

// C23 has it, and the compiler takes it as well before.
#pragma clang diagnostic ignored "-Wc23-extensions"

// A file of the page is a block here and a line in the table below. What a module imports stands
// above it: joined in this order they are one script.

static const unsigned char index_html[] = {
#embed "console/index.html"
};
static const unsigned char icon_svg[] = {
#embed "console/icon.svg"
};
static const unsigned char frame_css[] = {
#embed "console/frame.css"
};
static const unsigned char results_css[] = {
#embed "console/results.css"
};
static const unsigned char views_css[] = {
#embed "console/views.css"
};
static const unsigned char exact_js[] = {
#embed "console/exact.js"
};
static const unsigned char text_js[] = {
#embed "console/text.js"
};
static const unsigned char dom_js[] = {
#embed "console/dom.js"
};
static const unsigned char times_js[] = {
#embed "console/times.js"
};
static const unsigned char places_js[] = {
#embed "console/places.js"
};
static const unsigned char api_js[] = {
#embed "console/api.js"
};
static const unsigned char store_js[] = {
#embed "console/store.js"
};
static const unsigned char status_js[] = {
#embed "console/status.js"
};
static const unsigned char keys_js[] = {
#embed "console/keys.js"
};
static const unsigned char language_js[] = {
#embed "console/language.js"
};
static const unsigned char command_js[] = {
#embed "console/command.js"
};
static const unsigned char editor_js[] = {
#embed "console/editor.js"
};
static const unsigned char range_js[] = {
#embed "console/range.js"
};
static const unsigned char histogram_js[] = {
#embed "console/histogram.js"
};
static const unsigned char chart_js[] = {
#embed "console/chart.js"
};
static const unsigned char tree_js[] = {
#embed "console/tree.js"
};
static const unsigned char figures_js[] = {
#embed "console/figures.js"
};
static const unsigned char results_js[] = {
#embed "console/results.js"
};
static const unsigned char rowlist_js[] = {
#embed "console/rowlist.js"
};
static const unsigned char facets_js[] = {
#embed "console/facets.js"
};
static const unsigned char history_js[] = {
#embed "console/history.js"
};
static const unsigned char triage_js[] = {
#embed "console/triage.js"
};
static const unsigned char request_js[] = {
#embed "console/request.js"
};
static const unsigned char rowdetail_js[] = {
#embed "console/rowdetail.js"
};
static const unsigned char query_js[] = {
#embed "console/query.js"
};
static const unsigned char event_js[] = {
#embed "console/event.js"
};
static const unsigned char compare_js[] = {
#embed "console/compare.js"
};
static const unsigned char tail_js[] = {
#embed "console/tail.js"
};
static const unsigned char metrics_js[] = {
#embed "console/metrics.js"
};
static const unsigned char dashboard_js[] = {
#embed "console/dashboard.js"
};
static const unsigned char main_js[] = {
#embed "console/main.js"
};

#define ASSET(file, name) {name, file, sizeof file}

static const struct console_asset assets[] = {
  ASSET(index_html, "index.html"),
  ASSET(icon_svg, "icon.svg"),
  ASSET(frame_css, "frame.css"),
  ASSET(results_css, "results.css"),
  ASSET(views_css, "views.css"),
  ASSET(exact_js, "exact.js"),
  ASSET(text_js, "text.js"),
  ASSET(dom_js, "dom.js"),
  ASSET(times_js, "times.js"),
  ASSET(places_js, "places.js"),
  ASSET(api_js, "api.js"),
  ASSET(store_js, "store.js"),
  ASSET(status_js, "status.js"),
  ASSET(keys_js, "keys.js"),
  ASSET(language_js, "language.js"),
  ASSET(command_js, "command.js"),
  ASSET(editor_js, "editor.js"),
  ASSET(range_js, "range.js"),
  ASSET(histogram_js, "histogram.js"),
  ASSET(chart_js, "chart.js"),
  ASSET(tree_js, "tree.js"),
  ASSET(figures_js, "figures.js"),
  ASSET(results_js, "results.js"),
  ASSET(rowlist_js, "rowlist.js"),
  ASSET(facets_js, "facets.js"),
  ASSET(history_js, "history.js"),
  ASSET(triage_js, "triage.js"),
  ASSET(request_js, "request.js"),
  ASSET(rowdetail_js, "rowdetail.js"),
  ASSET(query_js, "query.js"),
  ASSET(event_js, "event.js"),
  ASSET(compare_js, "compare.js"),
  ASSET(tail_js, "tail.js"),
  ASSET(metrics_js, "metrics.js"),
  ASSET(dashboard_js, "dashboard.js"),
  ASSET(main_js, "main.js"),
};

const struct console_asset *console_assets(void) { return assets; }

size_t console_asset_count(void) { return sizeof assets / sizeof assets[0]; }
