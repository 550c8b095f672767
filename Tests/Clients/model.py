"""Violates every type and limit that botocore's model of the API states, one at a time, by raw HTTP.

Prints what was not answered as AWS does, and how many requests were: botocore itself checks some limits
before it sends anything, so that clients in other languages are the ones that meet them.
"""

import json
import os
import re
import urllib.error
import urllib.request

import botocore.session

MODEL = botocore.session.get_session().get_service_model("logs")
URL = os.environ["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"]
# A value of every JSON type, by the types of the model that take it.
VALUES = {"string": "a", "integer": 5, "boolean": True, "list": ["a"], "map": {"a": "b"}}
SAME = {"long": "integer", "double": "integer", "structure": "map"}
UNSERVED = re.compile("needs a service of AWS's|is not served")
TOO_LONG = "both must have length less than or equal to 512"


def call(operation, members):
    """The status and the JSON of a reply; an event stream is not read."""
    request = urllib.request.Request(URL, json.dumps(members).encode(), {
        "X-Amz-Target": f"Logs_20140328.{operation}", "Content-Type": "application/x-amz-json-1.1"})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            isStream = "eventstream" in reply.headers["content-type"]
            return reply.status, {} if isStream else json.loads(reply.read() or "{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def matches(shape, text):
    """Whether the pattern of a shape takes a text, as far as Python can tell."""
    pattern = shape.metadata.get("pattern", ".*")
    for name, characters in ((r"\p{L}", "a-zA-Z"), (r"\p{Z}", " "), (r"\p{N}", "0-9")):
        pattern = pattern.replace(name, characters)
    return re.fullmatch(pattern, text) is not None


def valid(shape):
    """The smallest value that a shape takes."""
    least = shape.metadata.get("min", 1)
    if shape.type_name == "string":
        texts = [*shape.enum, "a" * max(least, 1), "1" * max(least, 1)]
        return next((text for text in texts if matches(shape, text)), texts[0])
    if shape.type_name == "list":
        return [valid(shape.member)] * max(least, 1)
    if shape.type_name == "map":
        return {f"{valid(shape.key)}{index}": valid(shape.value) for index in range(max(least, 1))}
    if shape.type_name == "structure":
        return {name: valid(shape.members[name]) for name in shape.required_members}
    return {"integer": least, "long": least, "boolean": True}[shape.type_name]


def violations(shape):
    """Values that a shape does not take, and the words of the constraint; `None` for a wrong type."""
    kind, limits = SAME.get(shape.type_name, shape.type_name), shape.metadata
    for other, value in VALUES.items():
        if other != kind:
            yield value, None
    lengths = {
        "string": lambda count: "a" * count, "list": lambda count: [valid(shape.member)] * count,
        "map": lambda count: {f"k{index}": valid(shape.value) for index in range(count)},
    }.get(kind)
    if kind == "integer":
        yield 1.5, None
        if "max" in limits:
            yield limits["max"] + 1, f"value less than or equal to {limits['max']}"
        if "min" in limits:
            yield limits["min"] - 1, f"value greater than or equal to {limits['min']}"
    elif kind == "string" and shape.enum:
        yield "another", "satisfy enum value set: ["
    elif lengths:
        if limits.get("max", 1 << 20) < 20_000:
            yield lengths(limits["max"] + 1), f"length less than or equal to {limits['max']}"
        if limits.get("min", 0) > 0:
            yield lengths(limits["min"] - 1), f"length greater than or equal to {limits['min']}"
        wrong = next((text for text in ("::**$", "a b!é*") if kind == "string" and not matches(shape, text)), None)
        if wrong:
            yield wrong, "satisfy regular expression pattern: "
    if kind == "list":
        for value, constraint in violations(shape.member):
            yield [value], constraint
    if shape.type_name == "map":
        for value, constraint in violations(shape.value):
            yield {**valid(shape), "k": value}, constraint
    if shape.type_name == "structure":
        whole = valid(shape)
        for name, member in shape.members.items():
            if name in whole:
                yield {other: whole[other] for other in whole if other != name}, "not be null"
            for value, constraint in violations(member):
                yield {**whole, name: value}, constraint


def extremes(shape):
    """What a shape takes at its limits."""
    limits = shape.metadata
    if shape.type_name == "string" and shape.enum:
        yield from shape.enum
    elif shape.type_name in ("integer", "long"):
        yield from (limits[name] for name in ("min", "max") if name in limits)
    elif shape.type_name == "list":
        yield from ([value] for value in extremes(shape.member))
        yield [valid(shape.member)] * limits.get("max", 1)


right = served = 0
for operation in MODEL.operation_names:
    model = MODEL.operation_model(operation)
    shape = model.input_shape
    status, reply = call(operation, valid(shape) if shape else {})
    modelled = {error.name for error in model.error_shapes} | {"ValidationException"}
    if status >= 500 or status == 400 and reply["__type"] not in modelled:
        print(operation, status, reply)
    if UNSERVED.search(reply.get("message", "")) or not shape:
        continue
    served += 1
    for members, constraint in violations(shape):
        status, reply = call(operation, members)
        code, message = reply.get("__type"), reply.get("message", "")
        if constraint is None:
            isRight = code == "SerializationException"
        else:
            isRight = code in ("InvalidParameterException", "ValidationException") and (
                constraint in message or TOO_LONG in message)
        right += isRight
        if status != 400 or not isRight:
            print(operation, json.dumps(members)[:200], constraint, status, code, message[:200])
    for name, member in shape.members.items():
        for value in extremes(member):
            status, reply = call(operation, {**valid(shape), name: value})
            if status >= 500 or "validation error" in reply.get("message", ""):
                print(operation, name, str(value)[:100], status, reply)
print(right > 1000, served > 40)
