"""Drives the model discovery of litellm, which lists every model of an endpoint and has no other call.

In an environment that has litellm:

    models-conformance client --waivers litellm-waivers.toml -- python litellm_driver.py
"""

import json
import os
import sys
from importlib.metadata import version

# The catalogue of prices would be fetched at the import.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
answers, sys.stdout = sys.stdout, sys.stderr

import httpx  # noqa: E402
import litellm  # noqa: E402
from litellm.llms.anthropic.common_utils import AnthropicModelInfo  # noqa: E402

OWN_PREFIX = "anthropic/"
HELLO = {
    "protocol": 1,
    "client": "litellm",
    "version": version("litellm"),
    "language": "python",
    "surfaces": ["models"],
    "capabilities": ["walk", "walks_only", "no_retrieve", "no_arguments"],
}


def every_model(connect):
    # The function takes no time limit: that of its HTTP client holds.
    litellm.module_level_client.client.timeout = httpx.Timeout(connect["timeout_s"])
    names = AnthropicModelInfo().get_models(api_key=connect["api_key"], api_base=connect["base_url"])
    # What the library puts before the ids is its own way to name a provider.
    return [{"id": name.removeprefix(OWN_PREFIX)} for name in names]


def kind_of(error):
    if isinstance(error, (httpx.TimeoutException, litellm.Timeout)):
        return "timeout"
    return "connection" if isinstance(error, httpx.TransportError) else "other"


def answer(question):
    if question["op"] == "hello":
        return {"ok": HELLO}
    if question["op"] != "list" or not question["walk"] or question["args"]:
        return {"unsupported": "litellm lists every model, and nothing else"}
    try:
        models = every_model(question["connect"])
    except Exception as error:  # noqa: BLE001 - whatever the library raises is what its caller gets
        told = {"kind": kind_of(error), "name": type(error).__name__, "message": str(error)}
        return {"raised": told, "items_before": []}
    most = question["max_items"]
    return {"ok": {"items": models[:most], "truncated": len(models) > most}}


for line in sys.stdin.buffer:
    question = json.loads(line)
    answers.write(json.dumps({"id": question["id"], **answer(question)}) + "\n")
    answers.flush()
