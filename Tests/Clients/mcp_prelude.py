"""What scripts share that drive `insights mcp` and /mcp with the official client library."""

import asyncio
import contextlib
import json
import os
import sys

import httpx2
import jsonschema
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

program = os.environ.get("INSIGHTS_PROGRAM", "")
store = os.environ.get("INSIGHTS_DB", "")
url = os.environ.get("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "")
token = os.environ.get("INSIGHTS_TOKEN", "")


@contextlib.asynccontextmanager
async def connected(transport, mode="auto", **options):
    """A client of the server: over "stdio" or "http", of the era that `mode` says."""
    if transport == "stdio":
        server = StdioServerParameters(
            command=program, args=["mcp", "--db", store], env=dict(os.environ)
        )
        async with Client(server, mode=mode, **options) as client:
            yield client
    else:
        headers = {"Authorization": "Bearer " + token}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
            server = streamable_http_client(url + "/mcp", http_client=http)
            async with Client(server, mode=mode, **options) as client:
                yield client


async def schemas(client):
    """The output schemas of all tools by name; both kinds of schema are valid ones."""
    listed = (await client.list_tools()).tools
    for tool in listed:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
    return {tool.name: tool for tool in listed}


async def server_name(client):
    """What the server calls itself: to the handshake, else in each result, where there is none."""
    if client.server_info:
        return client.server_info.name
    listed = await client.list_tools()
    return listed.meta["io.modelcontextprotocol/serverInfo"]["name"]


async def call(client, tools, name, /, **arguments):
    """The structured result of a call, which its schema allows and which the text says as well."""
    jsonschema.validate(arguments, tools[name].input_schema)
    result = await client.call_tool(name, arguments)
    assert not result.is_error, (name, result.content[0].text)
    jsonschema.validate(
        result.structured_content,
        tools[name].output_schema,
        cls=jsonschema.Draft202012Validator,
    )
    assert json.loads(result.content[0].text) == result.structured_content, name
    return result.structured_content


async def failure(client, name, /, **arguments):
    """The text of a call that the tool refuses."""
    result = await client.call_tool(name, arguments)
    assert result.is_error, (name, result.structured_content)
    return result.content[0].text


def run(body):
    asyncio.run(asyncio.wait_for(body, 120))
