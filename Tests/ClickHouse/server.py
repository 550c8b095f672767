"""ClickHouse's HTTP interface over its engine as a library, for tests of this project.

usage: server.py FOLDER [--port N] [--user NAME:PASSWORD:READONLY]... [--tls CERTIFICATE]... [--log FILE] < pipe

The first line of its output is its port, and those that speak TLS, with the certificate and key of a PEM file each.

FILE gets a line for each statement: its database, a tab, and the statement in one line.

It ends when its standard input does, so that it does not outlive the tests.

The engine is the real one: SQL, types, MergeTree, settings with their limits, error codes and texts. The interface is
made here, as far as the project's client uses it. READONLY is 0, 1 (no setting may be sent) or 2.

Some databases answer as no server should, to try what the client makes of it: `breaks_before` closes the connection before anything,
`not_clickhouse` is another web server. Others have the tables of `default`, but `breaks_off` closes the connection after some rows,
`fails_behind` fails then, `limited` lets nobody read more than a row, `full` has no place for rows, and `silent` lets one wait.
"""
import argparse
import gzip
import json
import os
import re
import secrets
import ssl
import sys
import threading
import time
import uuid
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import chdb.state.sqlitelike as chdb

# Which HTTP status an error has by its code, after ClickHouse's documentation of its interface; others are 500.
STATUS_OF_CODE = {
    code: status
    for status, codes in {
        400: (6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 43, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 386, 427, 441, 457),
        403: (192, 193, 497, 516),
        404: (46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511),
        408: (159,),
        503: (76, 209, 439),
    }.items()
    for code in codes
}
# What in an address is no setting.
OWN_PARAMETERS = {"query", "query_id", "database", "default_format", "wait_end_of_query", "user", "password"}
# As ClickHouse has it, rows begin behind the first line break: they may begin with bytes that look like blanks.
INSERT = re.compile(rb"\s*(INSERT\s+INTO\s+.+?)\s+FORMAT\s+(\w+)[ \t\f]*\r?\n?", re.I | re.S)
ROWS = re.compile(r"\s*(SELECT|WITH|SHOW|DESCRIBE|DESC|EXPLAIN|EXISTS)\b", re.I)
ODD_DATABASES = {"breaks_off", "fails_behind", "limited", "full", "silent"}
KILL = re.compile(r"^\s*KILL\s+QUERY\s+WHERE\s+query_id\b", re.I)


class ServerError(Exception):
    def __init__(self, code, name, text):
        super().__init__(f"Code: {code}. DB::Exception: {text}. ({name})")


class Engine:
    """One folder, one process. Each request has a connection of its own, so that its settings end with it."""

    def __init__(self, folder, users, log):
        self.folder = folder
        self.users = users
        self.log = log and open(log, "a", buffering=1)
        self.first = chdb.connect(folder)  # the engine ends with its last connection
        self.version = self.first.query("SELECT version()", "TSVRaw").bytes().decode().strip()
        self.lock = threading.Lock()
        self.running = set()


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, *arguments):
        pass

    @property
    def engine(self):
        return self.server.engine

    def handle_one_request(self):
        # As the class it replaces, but for the limit of a line: a server takes addresses of 1 MiB.
        try:
            self.raw_requestline = self.rfile.readline((1 << 20) + 100)
            if not self.raw_requestline:
                self.close_connection = True
            elif self.parse_request():
                {"GET": self.do_GET, "POST": self.do_POST}[self.command]()
                self.wfile.flush()
        except (TimeoutError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self):
        self.send_plain(200, b"Ok.\n")

    def do_POST(self):
        self.has_begun = False
        self.compressor = None
        self.tag = secrets.token_hex(8)
        body = self.read_body()
        self.parameters = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        self.query_id = self.parameters.get("query_id", str(uuid.uuid4()))
        database = self.parameters.get("database", "default")
        if database == "breaks_before":
            self.close_connection = True
            return
        if database == "not_clickhouse":
            self.send_plain(404, b"<html>Not found</html>")
            return
        try:
            if database == "silent":
                time.sleep(20)
            self.answer_query(body, "default" if database in ODD_DATABASES else database)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception as error:  # whatever the engine throws is told to the client
            self.fail(str(error))

    # The request

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            pieces = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            body = b"".join(pieces)
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return body

    def read_only_level(self):
        name = self.headers.get("X-ClickHouse-User") or "default"
        password, level = self.engine.users.get(name, (None, 0))
        if password != self.headers.get("X-ClickHouse-Key", ""):
            raise ServerError(
                516, "AUTHENTICATION_FAILED",
                f"{name}: Authentication failed: password is incorrect, or there is no user with such name")
        return level

    def answer_query(self, body, database):
        level = self.read_only_level()
        if any(len(value.encode()) >= 128 << 10 for value in self.parameters.values()):
            raise ServerError(1000, "POCO_EXCEPTION", "HTML Form Exception: Field value too long")
        text = b"\n".join(part for part in (self.parameters.get("query", "").encode(), body) if part)
        if self.engine.log:
            shown = self.parameters.get("query") or text.decode(errors="replace")
            self.engine.log.write(f"{self.parameters.get('database', 'default')}\t{' '.join(shown.split())}\n")
        settings = {
            name: value for name, value in self.parameters.items()
            if name not in OWN_PARAMETERS and not name.startswith("param_")
        }
        if level == 1 and settings:
            raise ServerError(164, "READONLY", f"Cannot modify '{min(settings)}' setting in readonly mode")
        with self.engine.lock:
            if self.query_id in self.engine.running:
                raise ServerError(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", f"Query with id = {self.query_id} is already running")
            self.engine.running.add(self.query_id)
        connection = chdb.connect(self.engine.folder)
        try:
            connection.query("USE `" + database.replace("`", "``") + "`")
            # The library gives ids of its own; by this setting a query is found again.
            self.set(connection, "log_comment", self.query_id)
            if self.parameters.get("database") == "limited":
                self.set(connection, "max_rows_to_read", "1")
            level = settings.pop("readonly", level)
            for name, value in settings.items():
                self.set(connection, name, value)
            if level:
                self.set(connection, "readonly", str(level))
            self.run(connection, text)
        finally:
            connection.close()
            self.engine.running.discard(self.query_id)

    @staticmethod
    def set(connection, name, value):
        if not re.fullmatch(r"\w+", name):
            raise ServerError(115, "UNKNOWN_SETTING", f"Unknown setting '{name}'")
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        connection.query(f"SET {name} = '{quoted}'")

    def run(self, connection, text):
        self.counts = {}
        if insert := INSERT.match(text[:65536]):
            if self.parameters.get("database") == "full":
                raise ServerError(243, "NOT_ENOUGH_SPACE", "Cannot reserve 1.00 MiB, not enough space")
            with connection.send_insert(insert[1].decode(), insert[2].decode()) as writer:
                writer.append(text[insert.end():] or b"")
                done = writer.finish()
            self.counts = {"written_rows": done.rows_written, "written_bytes": done.bytes_written}
            self.end(b"")
            return
        sql = text.decode().strip().rstrip(";")
        bindings = {name[6:]: value for name, value in self.parameters.items() if name.startswith("param_")}
        format = self.parameters.get("default_format", "TabSeparated")
        if not ROWS.match(sql):
            sql = KILL.sub("KILL QUERY WHERE Settings['log_comment']", sql)
            self.end(connection.query(sql, format, params=bindings).bytes() or b"")
            return
        self.send_rows(connection, sql, bindings, format)

    def send_rows(self, connection, sql, bindings, format):
        if self.parameters.get("wait_end_of_query") == "1":
            result = connection.query(sql, format, params=bindings)
            self.counts = {"read_rows": result.storage_rows_read(), "read_bytes": result.storage_bytes_read()}
            self.end(result.bytes() or b"")
            return
        # Each block that the library streams would have names and types again.
        head_format = {"RowBinaryWithNamesAndTypes": "RowBinary"}.get(format)
        waiting = b""
        if head_format:
            waiting = connection.query(f"SELECT * FROM ({sql}) LIMIT 0", format, params=bindings).bytes() or b""
        with connection.send_query(sql, head_format or format, params=bindings) as stream:
            for block in stream:
                waiting += block.bytes()
                if len(waiting) > 65536:
                    self.begin(200)
                    self.send(waiting)
                    waiting = b""
                    if self.parameters.get("database") == "breaks_off":
                        self.close_connection = True
                        self.connection.close()
                        return
                    if self.parameters.get("database") == "fails_behind":
                        raise ServerError(241, "MEMORY_LIMIT_EXCEEDED", "Memory limit (total) exceeded")
        self.end(waiting)

    # The answer

    def begin(self, status, code=None):
        if self.has_begun:
            return
        self.has_begun = True
        wants_gzip = "gzip" in self.headers.get("Accept-Encoding", "")
        if wants_gzip and self.parameters.get("enable_http_compression") == "1" and code is None:
            self.compressor = zlib.compressobj(1, zlib.DEFLATED, 31)
        self.send_response(status)
        self.send_header("Transfer-Encoding", "chunked")
        if self.compressor:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("X-ClickHouse-Query-Id", self.query_id)
        self.send_header("X-ClickHouse-Exception-Tag", self.tag)
        if code is not None:
            self.send_header("X-ClickHouse-Exception-Code", str(code))
        names = ("read_rows", "read_bytes", "written_rows", "written_bytes")
        counts = {name: str(getattr(self, "counts", {}).get(name, 0)) for name in names}
        self.send_header("X-ClickHouse-Summary", json.dumps(counts))
        self.end_headers()

    def send(self, data, is_last=False):
        if self.compressor:
            data = self.compressor.compress(data) + self.compressor.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self, data):
        self.begin(200)
        self.send(data, is_last=True)
        self.wfile.write(b"0\r\n\r\n")

    def fail(self, text):
        found = re.search(r"Code: (\d+)\. DB::.*", text, re.S)
        code = int(found[1]) if found else 1002
        message = (found[0] if found else f"Code: 1002. DB::Exception: {text} (UNKNOWN_EXCEPTION)").strip()
        message += f" (version {self.engine.version} (official build))\n"
        if not self.has_begun:
            self.begin(STATUS_OF_CODE.get(code, 500), code)
            self.end(message.encode())
            return
        # Rows are out already: the error goes behind them, and the body never ends.
        body, tag = message.encode(), self.tag.encode()
        self.send(b"\r\n__exception__\r\n%s\r\n%s%d %s\r\n__exception__\r\n" % (tag, body, len(body), tag), is_last=True)
        self.close_connection = True

    def send_plain(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def listen(engine, port, certificate=None):
    server = ThreadingHTTPServer(("127.0.0.1", port), Request)
    server.daemon_threads = True
    server.engine = engine
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # Each connection shakes hands on a thread of its own.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *arguments: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", action="append", default=[], help="NAME:PASSWORD:READONLY")
    parser.add_argument("--tls", action="append", default=[], help="a certificate and its key")
    parser.add_argument("--log", help="a file for the statements")
    options = parser.parse_args()
    users = {"default": ("", 0)}
    for user in options.user:
        name, password, level = user.split(":")
        users[name] = (password, int(level))
    engine = Engine(options.folder, users, options.log)
    ports = [listen(engine, options.port)] + [listen(engine, 0, certificate) for certificate in options.tls]
    print(*ports, flush=True)
    sys.stdin.read()
    # Connections and queries that are still open are nobody's any more.
    os._exit(0)


if __name__ == "__main__":
    main()
