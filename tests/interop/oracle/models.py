"""What scim2-models and scim2-filter-parser say of the cases: one answer a line, on standard output.

    models.py evaluate|parse|patch|parse-sfp < cases.ndjson
"""

import json
import sys


def main(what):
    answer = {"evaluate": evaluate, "parse": parse, "patch": patch, "parse-sfp": parse_sfp}[what]
    lines = (json.loads(line) for line in sys.stdin)
    for out in answer(lines):
        sys.stdout.write(json.dumps(out, ensure_ascii=True) + "\n")


def model(schemas):
    from scim2_models import EnterpriseUser, Group, User

    return Group if any(urn.endswith(":Group") for urn in schemas) else User[EnterpriseUser]


def refusal(error):
    """What an exception says, and the keyword that it has."""
    kind = getattr(error, "scim_type", None)
    return {"error": kind or type(error).__name__, "detail": " ".join(str(error).split())[:300]}


def evaluate(lines):
    from scim2_models import ScimFilter

    bound, resources = None, []
    for line in lines:
        if "resources" in line:
            kind = model(line["resources"][0]["schemas"])
            bound, resources = ScimFilter[kind], [kind.model_validate(it) for it in line["resources"]]
            continue
        yield {"n": line["n"], "whole": selects(bound, line["filter"], resources),
               "parts": [selects(bound, part, resources) for part in line["parts"]]}


def selects(bound, text, resources):
    try:
        read = bound(text)
        return {"selects": "".join("1" if read.match(it) else "0" for it in resources)}
    except Exception as error:
        return refusal(error)


def parse(lines):
    from scim2_models import ScimFilter

    for line in lines:
        try:
            yield {"n": line["n"], "tree": tree(ScimFilter(line["text"]).ast)}
        except Exception as error:
            yield {"n": line["n"], **refusal(error)}


def tree(node):
    from scim2_models.path import Comparison, LogicalExpr, Not, Present

    if isinstance(node, Present):
        return ["pr", str(node.attr_path)]
    if isinstance(node, Comparison):
        return [node.op.value, str(node.attr_path), node.value]
    if isinstance(node, Not):
        return ["not", tree(node.expr)]
    if isinstance(node, LogicalExpr):
        return [node.op.value, *map(tree, node.terms)]
    return ["[]", str(node.attr_path), tree(node.val_filter)]


def patch(lines):
    for line in lines:
        kind = model(line["before"]["schemas"])
        try:
            kind.model_validate(line["before"])
        except Exception as error:
            yield {"n": line["n"], "unusable": refusal(error)["detail"]}
            continue
        steps, state = [], line["before"]
        for operation in line["operations"]:
            step = applied(kind, state, [operation])
            steps.append(step)
            if "after" not in step:
                break
            state = step["after"]
        yield {"n": line["n"], "steps": steps, "whole": applied(kind, line["before"], line["operations"])}


def applied(kind, before, operations):
    from scim2_models import Context, PatchOp

    resource = kind.model_validate(before)
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
    try:
        PatchOp[kind].model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST).patch(resource)
        return {"after": shown(resource)}
    except Exception as error:
        return {**refusal(error), "untouched": shown(resource) == shown(kind.model_validate(before))}


def shown(resource):
    from scim2_models import Context

    return resource.model_dump(scim_ctx=Context.DEFAULT)


def parse_sfp(lines):
    from scim2_filter_parser import ast
    from scim2_filter_parser.lexer import SCIMLexer
    from scim2_filter_parser.parser import SCIMParser

    def path(node):
        sub = f".{node.sub_attr.value}" if node.sub_attr else ""
        uri = f"{node.uri.rstrip(':')}:" if node.uri else ""
        return f"{uri}{node.attr_name}{sub}"

    def of(node):
        if isinstance(node, ast.Filter):
            inner = of(node.expr)
            inner = ["[]", path(node.namespace), inner] if node.namespace else inner
            return ["not", inner] if node.negated else inner
        if isinstance(node, ast.LogExpr):
            return [node.op.lower(), of(node.expr1), of(node.expr2)]
        if isinstance(node.attr_path.attr_name, ast.Filter):
            raise NotImplementedError("an operator behind brackets")
        if node.comp_value is None:
            return ["pr", path(node.attr_path)]
        return [node.value.lower(), path(node.attr_path), node.comp_value.value]

    for line in lines:
        try:
            yield {"n": line["n"], "tree": of(SCIMParser().parse(SCIMLexer().tokenize(line["text"])))}
        except Exception as error:
            yield {"n": line["n"], **refusal(error)}


if __name__ == "__main__":
    main(sys.argv[1])
