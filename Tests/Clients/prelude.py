import json
import os
import sys
import time

import boto3
import botocore
from botocore.config import Config

url = os.environ["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"]
client = boto3.client("logs", config=Config(retries={"max_attempts": 1}))


def error(call, **members):
    """The error that a call is answered with; None without one."""
    try:
        call(**members)
    except client.exceptions.ClientError as error:
        return error.response["Error"]


def code(call, **members):
    return (error(call, **members) or {}).get("Code", "none")


def message(call, **members):
    return (error(call, **members) or {}).get("Message", "none")


def wait(id, pause=0.05):
    """Polls until a query has ended."""
    while True:
        reply = client.get_query_results(queryId=id)
        if reply["status"] != "Running":
            return reply
        time.sleep(pause)


def query(text, start=0, end=9999999999, **members):
    """Starts a query and waits for its end."""
    return wait(
        client.start_query(startTime=start, endTime=end, queryString=text, **members)["queryId"]
    )


def rows(reply):
    """The rows of a reply as objects."""
    return [{field["field"]: field["value"] for field in row} for row in reply["results"]]
