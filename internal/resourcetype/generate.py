"""Writes CloudFormation's schemas of resource types to standard output, in the
form that the package resourcetype reads. They are those of the public registry
in us-east-1, as cfn-lint (MIT-0) carries them with its corrections."""

import json
import os

import cfnlint
from cfnlint.data.schemas.providers import us_east_1
from cfnlint.version import __version__

# When that version was published.
DATE = {"1.51.0": "2026-05-20"}[__version__]

# What the rules read, and what stands beside it.
SERVICES = ["CloudTrail", "IAM", "KMS", "S3", "SecretsManager", "SNS", "SQS"]
TYPES = """
AWS::CloudFront::Distribution AWS::CloudFront::OriginAccessControl AWS::Config::ConfigurationRecorder
AWS::Config::DeliveryChannel AWS::DynamoDB::Table AWS::EC2::FlowLog AWS::EC2::VPCEndpoint AWS::ECR::Repository
AWS::ElasticLoadBalancing::LoadBalancer AWS::ElasticLoadBalancingV2::LoadBalancer AWS::Events::Rule
AWS::Lambda::Alias AWS::Lambda::EventSourceMapping AWS::Lambda::Function AWS::Lambda::LayerVersion
AWS::Lambda::Permission AWS::Lambda::Url AWS::Lambda::Version AWS::Logs::Delivery AWS::Logs::DeliveryDestination
AWS::Logs::DeliverySource AWS::Logs::LogGroup AWS::Logs::LogStream AWS::Logs::MetricFilter AWS::Logs::ResourcePolicy
AWS::Logs::SubscriptionFilter AWS::Redshift::Cluster AWS::Route53Resolver::ResolverQueryLoggingConfig
AWS::SSM::Parameter AWS::WAFv2::LoggingConfiguration
""".split()

SCALARS = {"string", "integer", "number", "boolean"}


class Writer:
    def __init__(self, schema):
        self.schema = schema
        self.objects = {}

    def expression(self, node, name):
        """What a value is: a scalar, any, [element] or the name of an object."""
        if "$ref" in node:
            target = node["$ref"].removeprefix("#/definitions/")
            if "/" in target:
                return "any", []
            resolved = self.schema["definitions"][target]
            if resolved.get("type") == "object" and resolved.get("properties"):
                self.object(target, resolved)
                return target, []
            return self.expression(resolved, target)
        kinds = node.get("type")
        kinds = [kinds] if isinstance(kinds, str) else kinds or []
        if not kinds and "enum" in node:
            kinds = ["string"]
        if len(kinds) != 1:
            # A scalar of several kinds is a text; whatever else may be either is not looked at.
            return ("string" if kinds and set(kinds) <= SCALARS else "any"), []
        kind = kinds[0]
        if kind in SCALARS:
            return kind, [str(v) for v in node.get("enum", []) if not isinstance(v, bool)]
        if kind == "array":
            element, values = self.expression(node.get("items", {}), name)
            return "[" + element + "]", values
        if kind == "object" and node.get("properties"):
            self.object(name, node)
            return name, []
        return "any" if kind != "object" else "object", []

    def object(self, name, node):
        if name in self.objects:
            return
        lines = self.objects[name] = []
        closed = node.get("additionalProperties") is False and not node.get("patternProperties")
        lines.append("closed" if closed else "open")
        required = node.get("required", [])
        for key in sorted(node["properties"]):
            child = node["properties"][key]
            expression, values = self.expression(child, name.removesuffix(".") + "." + key)
            lines.append("\t".join(["*" if key in required else "-", key, expression, *sorted(set(values))]))


def main():
    print(f"# CloudFormation's resource schemas, by cfn-lint {__version__} of {DATE} (MIT-0). Made by generate.py.")
    print(DATE)
    folder = os.path.join(os.path.dirname(cfnlint.__file__), "data", "schemas", "resources")
    chosen = [t for t in us_east_1.types if t.count("::") == 2 and (t in TYPES or t.startswith("AWS::") and t.split("::")[1] in SERVICES)]
    missing = set(TYPES) - set(chosen)
    assert not missing, missing
    for name in sorted(chosen):
        with open(os.path.join(folder, us_east_1.types[name] + ".json")) as file:
            schema = json.load(file)
        writer = Writer(schema)
        writer.object(".", schema)
        attributes = sorted(p.removeprefix("/properties/").replace("/", ".") for p in schema.get("readOnlyProperties", []))
        print("\t".join(["=", name, *attributes]))
        for key in sorted(writer.objects):
            head, *lines = writer.objects[key]
            print("\t".join([">", key, head]))
            for line in lines:
                print(line)


main()
