"""Terraform files with variables and locals resolved, as far as ours use the language. There is no Terraform in the
registries that tests install from; this reads the files by a real parser and computes what their expressions say."""

import json
import re

import hcl2


class Module:
    """The files of a folder under given variables."""

    def __init__(self, folder, variables, account="111122223333", partition="aws"):
        self.blocks = {}
        for file in sorted(folder.glob("*.tf")):
            with file.open(encoding="utf-8") as text:
                for kind, blocks in hcl2.load(text).items():
                    self.blocks.setdefault(kind, []).extend(blocks)
        self.locals = {name: value for block in self.blocks.get("locals", []) for name, value in block.items()}
        declared = {unquoted(name): body for block in self.blocks["variable"] for name, body in members(block)}
        assert not set(variables) - set(declared), set(variables) - set(declared)
        self.variables = {name: body["default"] for name, body in declared.items() if "default" in body}
        self.variables = {name: self.value(value) for name, value in self.variables.items()}
        self.variables.update(variables)
        self.data = {
            "data.aws_caller_identity.current.account_id": account,
            "data.aws_partition.current.partition": partition,
        }

    def one(self, section, kind, name):
        """The body of `resource "kind" "name"` or `data "kind" "name"`."""
        found = [
            body
            for block in self.blocks[section]
            for of, named in members(block) if unquoted(of) == kind
            for called, body in members(named) if unquoted(called) == name
        ]
        assert len(found) == 1, f"{section} {kind} {name}: {len(found)}"
        return found[0]

    def all(self, section, kind):
        return [
            body
            for block in self.blocks[section]
            for of, named in members(block) if unquoted(of) == kind
            for _, body in members(named)
        ]

    def policy(self, name):
        """What `data "aws_iam_policy_document"` renders."""
        body = self.one("data", "aws_iam_policy_document", name)
        statements = list(body.get("statement", []))
        for dynamic in body.get("dynamic", []):
            for _, block in members(dynamic):
                if self.value(block["for_each"]):
                    statements += block["content"]
        return {"Version": "2012-10-17", "Statement": [self.statement(one) for one in statements]}

    def statement(self, block):
        made = {}
        if "sid" in block:
            made["Sid"] = self.value(block["sid"])
        made["Effect"] = self.value(block["effect"])
        for principal in block.get("principals", []):
            made["Principal"] = {self.value(principal["type"]): self.value(principal["identifiers"])}
        made["Action"] = self.value(block["actions"])
        if "resources" in block:
            made["Resource"] = self.value(block["resources"])
        for condition in block.get("condition", []):
            made.setdefault("Condition", {}).setdefault(self.value(condition["test"]), {})[
                self.value(condition["variable"])] = self.value(condition["values"])
        return made

    def value(self, written):
        """The value of an expression as the parser writes it: `"text"` is a string, `${…}` an expression."""
        if isinstance(written, list):
            return [self.value(item) for item in written]
        if isinstance(written, dict):
            return {unquoted(name): self.value(member) for name, member in members(written)}
        if not isinstance(written, str):
            return written
        if written.startswith("${") and written.endswith("}"):
            return self.expression(written[2:-1].strip())
        if written.startswith('"'):
            text = written[1:-1].replace('\\"', '"')
            return re.sub(r"\$\{([^}]+)\}", lambda m: str(self.expression(m[1].strip())), text)
        return self.expression(written)

    def expression(self, text):
        if match := re.fullmatch(r"concat\((.+\]), (.+)\)", text):
            return self.expression(match[1]) + self.expression(match[2])
        if match := re.fullmatch(r"(.+?) \? (.+) : (.+)", text):
            condition, yes, no = match.groups()
            return self.expression(yes if self.expression(condition) else no)
        if match := re.fullmatch(r"(.+) (!=|>) (.+)", text):
            left, right = self.expression(match[1]), self.expression(match[3])
            return left != right if match[2] == "!=" else left > right
        if match := re.fullmatch(r"length\((.+)\)", text):
            return len(self.expression(match[1]))
        if match := re.fullmatch(r'split\("(.)", (.+)\)\[(\d)\]', text):
            return self.expression(match[2]).split(match[1])[int(match[3])]
        if text.startswith("var."):
            return self.variables[text.removeprefix("var.")]
        if text.startswith("local."):
            return self.value(self.locals[text.removeprefix("local.")])
        if text in self.data:
            return self.data[text]
        if text in ("true", "false"):
            return text == "true"
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return float(text) if "." in text else int(text)
        if text == '""' or text.startswith("["):
            return json.loads(text)
        if re.fullmatch(r"(data\.)?aws_\w+\.\w+(\.\w+)+", text):
            return f"<{text}>"
        raise AssertionError(f"an expression that these checks do not know: {text}")


def members(block):
    return [(name, value) for name, value in block.items() if not name.startswith("__")]


def unquoted(text):
    return text.strip('"')
