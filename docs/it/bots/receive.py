#!/usr/bin/env python3
"""A small target of an outgoing webhook: checks the signature and prints what was said. Python's standard library only.

    HIMSG_SECRET=himsg_sign_… python3 receive.py 8443 cert.pem key.pem
"""

import hashlib
import hmac
import json
import os
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

MOST = 1 << 20  # bytes of a body
OLD = 300  # seconds after which a signed body is taken for a repeat by somebody else


def signed(secret, at, signature, body, now):
    """Whether the server signed this body, and not long ago."""
    if not at.isdigit() or abs(now - int(at)) > OLD:
        return False
    want = "v1=" + hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(want, signature)


class Target(BaseHTTPRequestHandler):
    seen = set()  # a program that runs for long keeps these with its data, and forgets old ones

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if size > MOST:
            return self.answer(413)
        body = self.rfile.read(size)
        at, signature = self.headers.get("X-HiMsg-Timestamp") or "", self.headers.get("X-HiMsg-Signature") or ""
        if not signed(os.environ["HIMSG_SECRET"], at, signature, body, time.time()):
            return self.answer(403)
        event = json.loads(body)
        if event["delivery_id"] not in self.seen:  # it may come twice
            self.seen.add(event["delivery_id"])
            message = event["message"]
            print(f"{event['room_name']} | {message['sender_name']}: {message['text']}", flush=True)
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


def main():
    server = HTTPServer(("", int(sys.argv[1])), Target)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print("listening", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
