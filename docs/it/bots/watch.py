#!/usr/bin/env python3
"""A small bot: tells a room when a web address stops or begins to answer. Python's standard library is all it needs.

    HIMSG_HOOK=https://talk.example.com/api/hooks/himsg_hook_… python3 watch.py https://intranet.example.com

Each line goes with an idempotency key, so that a retry after a lost answer does not write twice.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid


def tell(hook, text, key, tries=5):
    """Posts a text. What is refused for good (a wrong address, a bad text) is not tried again."""
    body = json.dumps({"text": text, "idempotency_key": key}).encode()
    for n in range(tries):
        request = urllib.request.Request(hook, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 500, 502, 503, 504):
                raise
            wait = int(error.headers.get("Retry-After") or 0)
        except OSError:
            wait = 0
        time.sleep(max(wait, 2**n))
    raise SystemExit("the server does not take it")


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=10):
            return True
    except OSError:
        return False


def main():
    hook, address = os.environ["HIMSG_HOOK"], sys.argv[1]
    every = float(os.environ.get("EVERY", "60"))
    rounds = int(os.environ.get("ROUNDS", "0"))  # 0: for ever
    up, done = None, 0
    while rounds == 0 or done < rounds:
        now = answers(address)
        if now != up:
            tell(hook, f"{'✅' if now else '🔴'} {address} {'응답합니다' if now else '응답하지 않습니다'}", str(uuid.uuid4()))
            up = now
        done += 1
        time.sleep(every)


if __name__ == "__main__":
    main()
