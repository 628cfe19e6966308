"""CloudFormation templates with their intrinsic functions resolved, as far as ours use them."""

import re

import cfnlint.decode

NO_VALUE = object()


class Template:
    """A template under given parameters."""

    def __init__(self, body, parameters, account="111122223333", region="eu-west-1", partition="aws"):
        self.body = body
        declared = body.get("Parameters", {})
        self.values = {name: one["Default"] for name, one in declared.items() if "Default" in one}
        self.values.update(parameters)
        for name, one in declared.items():
            if one["Type"] == "CommaDelimitedList" and isinstance(self.values[name], str):
                self.values[name] = self.values[name].split(",")
        self.values.update({
            "AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": partition,
            "AWS::NoValue": NO_VALUE, "AWS::StackName": "rehome",
        })

    @classmethod
    def read(cls, file, parameters, **place):
        body, problems = cfnlint.decode.decode(str(file))
        assert not problems, problems
        return cls(body, parameters, **place)

    def resource(self, kind):
        """The properties of the one resource of that kind."""
        found = [one for one in self.body["Resources"].values() if one["Type"] == kind]
        assert len(found) == 1, f"{kind}: {len(found)}"
        return self.resolved(found[0]["Properties"])

    def resources(self, kind):
        return [self.resolved(one["Properties"]) for one in self.body["Resources"].values() if one["Type"] == kind]

    def resolved(self, value):
        if isinstance(value, list):
            items = [self.resolved(item) for item in value]
            return [item for item in items if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument), = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self.function(name.removeprefix("Fn::"), argument)
        members = {str(name): self.resolved(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if member is not NO_VALUE}

    def function(self, name, argument):
        if name == "Ref":
            return self.values.get(argument, f"<{argument}>")
        if name == "GetAtt":
            return "<" + (argument if isinstance(argument, str) else ".".join(argument)) + ">"
        if name == "If":
            condition, yes, no = argument
            return self.resolved(yes if self.condition(self.body["Conditions"][condition]) else no)
        if name == "Join":
            separator, parts = argument
            return separator.join(self.resolved(parts))
        if name == "Select":
            index, items = argument
            return self.resolved(items)[int(index)]
        if name == "Split":
            separator, text = argument
            return self.resolved(text).split(separator)
        if name == "Sub":
            text, more = argument if isinstance(argument, list) else (argument, {})
            own = {key: self.resolved(value) for key, value in more.items()}
            return re.sub(r"\$\{([^}]+)\}", lambda m: str(own.get(m[1], self.values.get(m[1], f"<{m[1]}>"))), text)
        raise AssertionError(f"a function that these checks do not know: {name}")

    def condition(self, value):
        (name, argument), = value.items()
        if name == "Fn::Not":
            return not self.condition(argument[0])
        if name == "Fn::Equals":
            left, right = (self.resolved(side) for side in argument)
            return str(left) == str(right)
        raise AssertionError(f"a condition that these checks do not know: {name}")
