"""A collector of traces for tests: prints its port, then each span that it is given as one line of JSON, until its input ends.

Reads OTLP over HTTP with OpenTelemetry's own protobuf messages; a request that is none is told as {"wrong": …}. The argument
says what it does: take; refuse-first answers 400 to the first delivery and takes the others; silent never answers.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

MODE = sys.argv[1]


def attributes(of):
    """Names and bare values."""
    told = {}
    for one in of:
        (kind, value), = MessageToDict(one.value).items()
        told[one.key] = int(value) if kind == "intValue" else value
    return told


def spans(request):
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield {
                    "resource": attributes(resource.resource.attributes),
                    "name": span.name,
                    "kind": span.kind,
                    "trace": span.trace_id.hex(),
                    "span": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(),
                    "state": span.trace_state,
                    "attributes": attributes(span.attributes),
                    "events": [event.name for event in span.events],
                    "status": span.status.code,
                    "message": span.status.message,
                    "began": span.start_time_unix_nano,
                    "ended": span.end_time_unix_nano,
                }


class Collector(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    refused = threading.Semaphore(1)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if MODE == "silent":
            threading.Event().wait()
        if MODE == "refuse-first" and self.refused.acquire(blocking=False):
            return self.answer(400, b"")
        try:
            request = ExportTraceServiceRequest.FromString(body)
            form = (self.path, self.headers["content-type"])
            told = list(spans(request)) if form == ("/v1/traces", "application/x-protobuf") else [{"wrong": form}]
        except DecodeError as error:
            told = [{"wrong": str(error)}]
        key = ", ".join(self.headers.get_all("x-collector-key", []))
        sys.stdout.write("".join(json.dumps(one | {"key": key}) + "\n" for one in told))
        sys.stdout.flush()
        return self.answer(200, ExportTraceServiceResponse().SerializeToString())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
server.daemon_threads = True
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
