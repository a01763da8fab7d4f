"""The Python side of the tests of interoperability: an app with its tasks, run by a real worker, and called by client.py."""
import os

from celery import Celery
from redis import Redis

app = Celery("pyapp", broker=os.environ["PEER_BROKER"], backend=os.environ["PEER_RESULTS"])
app.conf.update(
    task_default_queue=os.environ["PEER_PYTHON_QUEUE"],
    task_routes={"ts.*": {"queue": os.environ["PEER_TYPESCRIPT_QUEUE"]}},
    task_queue_max_priority=int(os.environ["PEER_MAX_PRIORITY"]) or None,
    worker_enable_remote_control=False,
    broker_transport_options={"queue_order_strategy": "priority"} if os.environ["PEER_BROKER"].startswith("redis") else {},
)
notes = Redis.from_url(os.environ["PEER_RESULTS"])


@app.task(name="py.echo")
def echo(*args, **kwargs):
    return args[0] if len(args) == 1 and not kwargs else {"args": args, "kwargs": kwargs}


@app.task(name="py.add")
def add(x, y):
    return x + y


@app.task(name="py.mul")
def mul(x, y):
    return x * y


@app.task(name="py.divide")
def divide(dividend, divisor=1, *, floor=False):
    return dividend // divisor if floor else dividend / divisor


@app.task(name="py.fail")
def fail(*message):
    raise ValueError(*message)


class OutOfStock(Exception):
    """An exception that only Python knows."""


@app.task(name="py.fail_own")
def fail_own(article, left):
    raise OutOfStock(article, left)


@app.task(name="py.fail_type")
def fail_type(message):
    raise TypeError(message)


@app.task(name="py.retry_twice", bind=True, max_retries=5)
def retry_twice(self, countdown=0):
    if self.request.retries < 2:
        raise self.retry(countdown=countdown, exc=KeyError("not yet"))
    return self.request.retries


@app.task(name="py.retry_in_vain", bind=True, max_retries=1)
def retry_in_vain(self):
    raise self.retry(countdown=0, exc=KeyError("never"))


@app.task(name="py.progress", bind=True)
def progress(self, gate):
    """Stays in its state until the test has read it and opened the gate."""
    self.update_state(state="PROGRESS", meta={"done": 3, "of": 10, "what": "Äpfel"})
    notes.blpop(gate, 20)
    return "done"


@app.task(name="py.request", bind=True)
def request(self):
    """What came with the message."""
    r = self.request
    return {
        "id": r.id, "root_id": r.root_id, "parent_id": r.parent_id, "retries": r.retries, "timelimit": r.timelimit,
        "ignore_result": r.ignore_result, "shadow": r.shadow, "eta": r.eta, "expires": r.expires, "headers": getattr(r, "extra", None),
        "argsrepr": r.argsrepr, "kwargsrepr": r.kwargsrepr, "correlation_id": r.correlation_id,
        "priority": (r.delivery_info or {}).get("priority"),
    }


@app.task(name="py.note")
def note(key, value):
    """Leaves a trace that the test can wait for without the result."""
    notes.rpush(key, value)
    return value


@app.task(name="py.note_silently", ignore_result=True)
def note_silently(key, value):
    notes.rpush(key, value)
    return value


@app.task(name="py.call", bind=True)
def call(self, name, args):
    """Sends a task from within a task; gives its id."""
    return app.send_task(name, args).id


@app.task(name="both.who")
def who(key, number):
    notes.rpush(key, number)
    return "python"
