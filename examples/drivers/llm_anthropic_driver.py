"""Drives the list of models of llm-anthropic (`llm anthropic models`), which lists every model and has no other call.

In an environment that has llm-anthropic:

    models-conformance client --waivers llm-anthropic-waivers.toml -- python llm_anthropic_driver.py
"""

import json
import sys
from importlib.metadata import version

answers, sys.stdout = sys.stdout, sys.stderr

import anthropic  # noqa: E402
from llm_anthropic import fetch_models  # noqa: E402

MODEL = ("id", "created_at", "display_name", "type")
HELLO = {
    "protocol": 1,
    "client": "llm-anthropic",
    "version": version("llm-anthropic"),
    "language": "python",
    "surfaces": ["models"],
    "capabilities": ["walk", "walks_only", "no_retrieve", "no_arguments"],
}


def every_model(connect):
    settings = {"base_url": connect["base_url"], "api_key": connect["api_key"], "timeout": connect["timeout_s"]}
    if "max_retries" in connect:
        settings["max_retries"] = connect["max_retries"]
    with anthropic.Anthropic(**settings) as client:
        return [seen(model) for model in fetch_models(client)["data"]]


def seen(model):
    extra = {name: value for name, value in model.items() if name not in MODEL}
    return {**{name: model[name] for name in MODEL if name in model}, "extra": extra}


def told(error):
    raised = {"kind": "other", "name": type(error).__name__, "message": str(error)}
    if isinstance(error, anthropic.APIStatusError):
        raised |= {"kind": "status", "status": error.status_code, "request_id": error.request_id}
        raised["error_type"] = error.type if isinstance(error.type, str) else None
    elif isinstance(error, anthropic.APITimeoutError):
        raised["kind"] = "timeout"
    elif isinstance(error, anthropic.APIConnectionError):
        raised["kind"] = "connection"
    elif isinstance(error, (ValueError, KeyError, TypeError, AttributeError)):
        # The plugin reads the answer by itself: what is not as it expects ends in an error of the language.
        raised["kind"] = "decode"
    return raised


def answer(question):
    if question["op"] == "hello":
        return {"ok": HELLO}
    if question["op"] != "list" or not question["walk"] or question["args"]:
        return {"unsupported": "llm-anthropic lists every model, and nothing else"}
    try:
        models = every_model(question["connect"])
    except Exception as error:  # noqa: BLE001 - whatever the library raises is what its caller gets
        return {"raised": told(error), "items_before": []}
    most = question["max_items"]
    return {"ok": {"items": models[:most], "truncated": len(models) > most}}


for line in sys.stdin.buffer:
    question = json.loads(line)
    answers.write(json.dumps({"id": question["id"], **answer(question)}) + "\n")
    answers.flush()
