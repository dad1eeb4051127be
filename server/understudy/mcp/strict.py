"""A strict layer over the SDK's tools: unknown arguments and tools are refused with a suggestion, schemas are lean,
errors are one line that names field, value and fix, and text content is the same compact JSON as the structured one.

Reads `fn_metadata` and overrides `Tool.run`, neither of which is public API: `mcp` is pinned to 2.3 and a test guards it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, CallToolResult, Prompt, Result, TextContent, ToolAnnotations
from pydantic import BaseModel, ValidationError

from understudy.app.validation import in_words
from understudy.domain.errors import UnderstudyError, nearest

__all__ = ["StrictTool", "compact", "lean", "refuse_unfit_prompts", "refuse_unknown_tools"]

logger = logging.getLogger(__name__)

Schema = dict[str, Any]

MOST_PROBLEMS = 8
"""Of one call that are told: the others are usually the same mistake."""


def lean(schema: Schema, *, output: bool = False) -> Schema:
    """The schema without pydantic's titles and other defaults, without `null` alternatives, which callers express by leaving a
    field out, and without descriptions of whole objects, which repeat the tool's own words."""
    out = cast("Schema", _lean(schema))
    for model in (out, *cast("dict[str, Schema]", out.get("$defs", {})).values()):
        model.pop("description", None)
        if output:
            _loosen(model)
        elif model is not out:
            model.pop("additionalProperties", None)  # still refused when the call is validated
    return _inlined(out)


def _inlined(schema: Schema) -> Schema:
    """The schema with every definition that is used once put where it is used."""
    definitions = cast("dict[str, Schema]", schema.get("$defs", {}))
    text = json.dumps(schema)
    once = {f"#/$defs/{name}": body for name, body in definitions.items() if text.count(f'"#/$defs/{name}"') == 1}

    def put(node: object) -> Any:
        if isinstance(node, list):
            return [put(item) for item in cast("list[object]", node)]
        if not isinstance(node, dict):
            return node
        source = cast("Schema", node)
        reference = source.get("$ref")
        if reference in once:
            return put({**once[reference], **{k: v for k, v in source.items() if k != "$ref"}})
        return {key: put(value) for key, value in source.items()}

    body = cast("Schema", put({k: v for k, v in schema.items() if k != "$defs"}))
    kept = {name: put(model) for name, model in definitions.items() if f"#/$defs/{name}" not in once}
    return {"$defs": kept, **body} if kept else body


def _lean(node: object) -> Any:
    if isinstance(node, list):
        return [_lean(item) for item in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    source = cast("Schema", node)
    alternatives: list[Any] = source.get("anyOf", [])
    if {"type": "null"} in alternatives:
        rest = [a for a in alternatives if a != {"type": "null"}]
        base = {k: v for k, v in source.items() if k != "anyOf" and not (k == "default" and v is None)}
        return _lean(base | rest[0] if len(rest) == 1 else base | {"anyOf": rest})
    kept: Schema = {}
    for key, value in source.items():
        if (key == "title" and isinstance(value, str)) or (key == "additionalProperties" and value is True):
            continue
        if key in ("properties", "$defs") and isinstance(value, dict):
            kept[key] = {name: _lean(child) for name, child in cast("Schema", value).items()}
        else:
            kept[key] = _lean(value)
    return kept


def _loosen(model: Schema) -> None:
    """An answer may gain fields and values, and leaves out what is empty: it promises types, not presence or a closed list."""
    for key in ("required", "additionalProperties"):
        if not isinstance(model.get(key), dict):
            model.pop(key, None)
    for child in cast("dict[str, Schema]", model.get("properties", {})).values():
        child.pop("default", None)
        child.pop("enum", None)


def _outline(schema: Schema) -> Schema:
    """The schema of an answer with its own fields only: what is in an object or a list is left open."""
    definitions = cast("dict[str, Schema]", schema.get("$defs", {}))

    def outlined(field: Schema) -> Schema:
        whole = {**definitions.get(str(field.get("$ref", "")).rpartition("/")[2], {}), **field}
        return {key: value for key, value in whole.items() if key in ("type", "description", "enum")}

    return {"properties": {name: outlined(field) for name, field in schema["properties"].items()}, "type": "object"}


def _problems(error: ValidationError, schema: Schema) -> str:
    lines: list[str] = []
    for item in error.errors(include_url=False)[:MOST_PROBLEMS]:
        place = ".".join(map(str, item["loc"]))[:120]
        if item["type"] == "extra_forbidden":
            known = _known_at(schema, item["loc"][:-1])
            near = nearest(str(item["loc"][-1]), known)
            what = "argument" if len(item["loc"]) == 1 else "field"
            lines.append(f"unknown {what} `{place}`{_meant(near, known)}")
        elif item["type"] == "missing":
            lines.append(f"`{place}` is required")
        else:
            lines.append(f"`{place}`: {in_words(item)} (got {json.dumps(item['input'], default=str, ensure_ascii=False)[:80]})")
    return "; ".join(lines)


def _meant(near: str | None, known: Sequence[str]) -> str:
    return f"; did you mean `{near}`?" if near else f"; known: {', '.join(known)}" if known else ""


def _known_at(schema: Schema, location: Sequence[int | str]) -> list[str]:
    """The names that the object at `location` may have."""
    node = schema
    for step in location:
        node = _followed(schema, node)
        node = cast("Schema", node.get("items", {}) if isinstance(step, int) else node.get("properties", {}).get(step, {}))
    return list(_followed(schema, node).get("properties", {}))


def _followed(schema: Schema, node: Schema) -> Schema:
    reference = str(node.get("$ref", ""))
    return cast("Schema", schema.get("$defs", {}).get(reference.rpartition("/")[2], node))


class StrictTool(Tool):
    """A tool that refuses what it does not know and answers errors in one line."""

    @classmethod
    def strict(
        cls,
        fn: Callable[..., Awaitable[Any]],
        *,
        title: str,
        annotations: ToolAnnotations,
        description: str | None = None,
        name: str | None = None,
        meta: Mapping[str, Any] | None = None,
        brief: bool = False,
    ) -> StrictTool:
        """A tool of `fn`, whose docstring is the description and whose return annotation is the output schema; with `brief` only
        its own fields, not theirs."""
        tool = cls.from_function(
            fn, name=name, title=title, annotations=annotations, description=description or _dedent(fn), meta=dict(meta) if meta else None
        )
        model = tool.fn_metadata.arg_model
        model.model_config["extra"] = "forbid"
        model.model_rebuild(force=True)
        tool.parameters = lean(model.model_json_schema(by_alias=True))
        answer = tool.fn_metadata.output_model
        if isinstance(answer, type) and issubclass(answer, BaseModel) and not tool.fn_metadata.wrap_output:
            schema = lean(answer.model_json_schema(by_alias=True), output=True)
            tool.fn_metadata.output_schema = _outline(schema) if brief else schema
        return cast("StrictTool", tool)

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:
        """Run the tool. Raises ToolError, in one line, for everything that goes wrong."""
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            raise ToolError(f"[bad_input] {self.name}: {_problems(error, self.parameters)}") from error
        try:
            result = await super().run(arguments, context, convert_result=False)
        except UnexpectedToolError as error:
            raise self._explained(error.__cause__) from error.__cause__
        if not convert_result:
            return result
        if isinstance(result, BaseModel) and not isinstance(result, Result):
            return compact(result)
        return self.fn_metadata.convert_result(result)  # the protocol's own results, questions to the client among them, go as they are

    def _explained(self, cause: BaseException | None) -> ToolError:
        if isinstance(cause, UnderstudyError):
            return ToolError(f"[{cause.code}] {cause}")
        logger.error("%s failed", self.name, exc_info=cause)
        return ToolError(
            f"[internal] {self.name} failed inside Understudy ({type(cause).__name__}); this says nothing about your agent. "
            "The server's stderr has the details. Trying again may help; what was stored is kept."
        )


def _dedent(fn: Callable[..., Any]) -> str:
    return " ".join((fn.__doc__ or "").split())


def compact(result: BaseModel) -> CallToolResult:
    """What a tool answers for `result`: structured, and as text the same in compact JSON. Empty fields are left out."""
    structured = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    text = json.dumps(structured, separators=(",", ":"), ensure_ascii=False)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)


def refuse_unknown_tools(
    names: Callable[[], Sequence[str]],
) -> Callable[[ServerRequestContext[Any, Any], CallNext], Awaitable[HandlerResult]]:
    """Middleware that answers a call of an unknown tool with a protocol error (-32602) and the nearest name."""

    async def middleware(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        if ctx.method == "tools/call":
            name = (ctx.params or {}).get("name")
            known = names()
            if isinstance(name, str) and name not in known:
                near = nearest(name, known)
                raise MCPError(
                    INVALID_PARAMS, f"Unknown tool: {name[:80]}." + (f" Did you mean {near}?" if near else f" Known: {', '.join(known)}.")
                )
        return await call_next(ctx)

    return middleware


def refuse_unfit_prompts(
    prompts: Callable[[], Awaitable[Sequence[Prompt]]],
) -> Callable[[ServerRequestContext[Any, Any], CallNext], Awaitable[HandlerResult]]:
    """Middleware that answers an unknown prompt, an unknown argument of one, or one that is missing with a protocol error (-32602)."""

    async def middleware(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        if ctx.method == "prompts/get":
            params: Mapping[str, Any] = ctx.params or {}
            name: object = params.get("name")
            given: object = params.get("arguments") or {}
            if isinstance(name, str) and isinstance(given, Mapping):
                problem = _prompt_problem(name, cast("Mapping[str, object]", given), await prompts())
                if problem:
                    raise MCPError(INVALID_PARAMS, problem)
        return await call_next(ctx)

    return middleware


def _prompt_problem(name: str, given: Mapping[str, object], prompts: Sequence[Prompt]) -> str | None:
    by_name = {prompt.name: prompt for prompt in prompts}
    if name not in by_name:
        return f"Unknown prompt: {name}{_meant(nearest(name, by_name), list(by_name))}"
    arguments = by_name[name].arguments or []
    known = [argument.name for argument in arguments]
    for key in given:
        if key not in known:
            return f"Prompt {name}: unknown argument `{key}`{_meant(nearest(key, known), known)}"
    for argument in arguments:
        if argument.required and not str(given.get(argument.name, "")).strip():
            return f"Prompt {name}: argument `{argument.name}` is required: {argument.description or ''}".rstrip(": ")
    return None
