"""A Python client that tests tell what to do: a line of JSON with a program comes in, a line with what it left in `out`, or its error, goes out."""
import json
import sys
import traceback

from celery import chain, group, signature  # noqa: F401 (for the programs)
from celery.result import AsyncResult
from pyapp import app

WAIT = 20


def get(result):
    """The value of a result, or its error. Celery's own get() waits a second for results that were announced while it waited for another."""
    if result.ready():
        return result.get()
    return result.get(timeout=WAIT, interval=0.02)


def send(name, *args, **options):
    """Sends a task of any language."""
    return app.send_task(name, args, **options)


def error_of(result):
    """How Python sees a failure."""
    try:
        get(result)
    except Exception as exc:
        return {
            "type": type(exc).__name__, "module": type(exc).__module__, "args": exc.args, "bases": [b.__name__ for b in type(exc).__mro__],
            "state": result.state, "has_traceback": bool(result.traceback),
        }
    return None


names = {"app": app, "chain": chain, "group": group, "signature": signature, "AsyncResult": AsyncResult, "get": get, "send": send, "error_of": error_of}
print("ready", flush=True)
for line in sys.stdin:
    request = json.loads(line)
    scope = dict(names, arg=request["arg"], out=None)
    try:
        exec(request["program"], scope)
        answer = {"out": scope["out"]}
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer, default=repr), flush=True)
